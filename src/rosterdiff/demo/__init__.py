"""An invented school, its spreadsheets, and the whole way from them to an applied plan and back."""
