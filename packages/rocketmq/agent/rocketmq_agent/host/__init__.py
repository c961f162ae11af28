"""The `host` step: kernel settings, user, Java and the RocketMQ package."""
