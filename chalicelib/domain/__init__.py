"""What is true: values, rules and tables. Standard library only; no input, output, clock or log."""
