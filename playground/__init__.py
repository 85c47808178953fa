"""A Slack stand-in for one workspace and one app: Web API, deliveries, and a page to click in."""
