"""What the Pulumi program is made of."""
