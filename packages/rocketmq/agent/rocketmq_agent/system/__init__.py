"""What the agent asks of the operating system."""
