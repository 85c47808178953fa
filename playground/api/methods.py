"""Every Web API method the stand-in knows, with the scopes it asks for.

What only reads takes a query or a form; Slack drops a JSON body there without a word.
"""

from playground.api import chat, conversations, users, views
from playground.api.call import Method

WRITE = ("chat:write",)
HISTORY = ("channels:history", "groups:history", "mpim:history", "im:history")
READ = ("channels:read", "groups:read", "mpim:read", "im:read")

METHODS: dict[str, Method] = {
    "api.test": Method(users.api_test, needs_token=False),
    "auth.test": Method(users.auth_test),
    "chat.delete": Method(chat.delete, WRITE),
    "chat.getPermalink": Method(chat.get_permalink, takes_json=False),
    "chat.postEphemeral": Method(chat.post_ephemeral, WRITE),
    "chat.postMessage": Method(chat.post_message, WRITE),
    "chat.update": Method(chat.update, WRITE),
    "conversations.history": Method(conversations.history, HISTORY, takes_json=False),
    "conversations.info": Method(conversations.info, READ, takes_json=False),
    "conversations.join": Method(conversations.join, ("channels:join",)),
    "conversations.list": Method(conversations.list_, READ, takes_json=False),
    "conversations.members": Method(conversations.members, READ, takes_json=False),
    "conversations.open": Method(conversations.open_, ("channels:manage", "groups:write", "im:write", "mpim:write")),
    "conversations.replies": Method(conversations.replies, HISTORY, takes_json=False),
    "users.info": Method(users.info, ("users:read",), takes_json=False),
    "users.list": Method(users.list_, ("users:read",), takes_json=False),
    "users.lookupByEmail": Method(users.lookup_by_email, ("users:read.email",), takes_json=False),
    "views.open": Method(views.open_),
    "views.publish": Method(views.publish),
    "views.push": Method(views.push),
    "views.update": Method(views.update),
}
