"""What we know: rows, and the pure decision whether a mention is news."""
