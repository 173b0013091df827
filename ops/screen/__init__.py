"""What a person reads: progress, reasons, words."""
