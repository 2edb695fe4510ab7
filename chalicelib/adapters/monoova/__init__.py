"""The payments provider: its HTTP interface, its webhooks, its words."""
