"""One suite for each port of the store, over the fake in memory and over DynamoDB's emulators."""
