"""The store: four DynamoDB tables behind the store ports."""
