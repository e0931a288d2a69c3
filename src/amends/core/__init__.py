"""Pure types and rules; knows no Django."""
