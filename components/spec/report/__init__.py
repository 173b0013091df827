"""What is wrong with a stack file: findings, and the words in which a person reads them."""
