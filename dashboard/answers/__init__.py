"""What happens with customers' messages: a merchant's choices."""
