-- Deliveries of webhooks. Source: docs/adr/0027-webhooks.md.

-- The silo that follows the events, and the position after those whose deliveries are stored.
CREATE TABLE IF NOT EXISTS KeysWebhookLeader
(
    ServiceId TEXT PRIMARY KEY,
    Silo      TEXT NOT NULL,
    ExpiresAt TEXT NOT NULL,
    Cursor    TEXT
) STRICT;

-- Position is null for a test, and OwnerId is the virtual key or project whose deliveries are sent in order. Status is 0
-- while the delivery is pending, 1 when it was accepted, and 2 for a test that was not.
CREATE TABLE IF NOT EXISTS KeysWebhookDelivery
(
    ServiceId     TEXT    NOT NULL,
    Id            TEXT    NOT NULL,
    ProjectId     TEXT    NOT NULL,
    WebhookId     TEXT    NOT NULL,
    OwnerId       TEXT    NOT NULL,
    Position      INTEGER,
    Type          TEXT    NOT NULL,
    Payload       TEXT    NOT NULL,
    CreatedAt     TEXT    NOT NULL,
    Status        INTEGER NOT NULL,
    AttemptCount  INTEGER NOT NULL,
    Attempts      TEXT    NOT NULL,
    FailingSince  TEXT,
    NextAttemptAt TEXT,
    PRIMARY KEY (ServiceId, Id)
) STRICT;

-- For the list of the API, and for the deletion of a project.
CREATE INDEX IF NOT EXISTS ix_KeysWebhookDelivery_List ON KeysWebhookDelivery (ServiceId, ProjectId, WebhookId, Id);

-- No event is delivered to a webhook twice.
CREATE UNIQUE INDEX IF NOT EXISTS ix_KeysWebhookDelivery_Event ON KeysWebhookDelivery (ServiceId, WebhookId, Position);

CREATE INDEX IF NOT EXISTS ix_KeysWebhookDelivery_Pending
    ON KeysWebhookDelivery (ServiceId, WebhookId, OwnerId, Position) WHERE Status = 0;

CREATE INDEX IF NOT EXISTS ix_KeysWebhookDelivery_Completed
    ON KeysWebhookDelivery (ServiceId, CreatedAt) WHERE Status <> 0;
