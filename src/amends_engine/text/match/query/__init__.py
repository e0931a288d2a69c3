"""The query language of mentions: parsed to a typed tree, evaluated part by part, printed again."""
