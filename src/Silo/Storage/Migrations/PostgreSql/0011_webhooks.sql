-- Deliveries of webhooks. Source: docs/adr/0027-webhooks.md.

-- The silo that follows the events, and the position after those whose deliveries are stored.
CREATE TABLE IF NOT EXISTS KeysWebhookLeader
(
    ServiceId varchar(150) COLLATE "C" PRIMARY KEY,
    Silo      text NOT NULL,
    ExpiresAt text NOT NULL,
    Cursor    text
);

-- Position is null for a test, and OwnerId is the virtual key or project whose deliveries are sent in order. Status is 0
-- while the delivery is pending, 1 when it was accepted, and 2 for a test that was not.
CREATE TABLE IF NOT EXISTS KeysWebhookDelivery
(
    ServiceId     varchar(150) COLLATE "C" NOT NULL,
    Id            varchar(512) COLLATE "C" NOT NULL,
    ProjectId     varchar(512) COLLATE "C" NOT NULL,
    WebhookId     varchar(512) COLLATE "C" NOT NULL,
    OwnerId       varchar(512) COLLATE "C" NOT NULL,
    Position      bigint,
    Type          text     NOT NULL,
    Payload       text     NOT NULL,
    CreatedAt     text     COLLATE "C" NOT NULL,
    Status        smallint NOT NULL,
    AttemptCount  integer  NOT NULL,
    Attempts      text     NOT NULL,
    FailingSince  text     COLLATE "C",
    NextAttemptAt text     COLLATE "C",
    PRIMARY KEY (ServiceId, Id)
);

-- For the list of the API, and for the deletion of a project.
CREATE INDEX IF NOT EXISTS ix_KeysWebhookDelivery_List ON KeysWebhookDelivery (ServiceId, ProjectId, WebhookId, Id);

-- No event is delivered to a webhook twice.
CREATE UNIQUE INDEX IF NOT EXISTS ix_KeysWebhookDelivery_Event ON KeysWebhookDelivery (ServiceId, WebhookId, Position);

CREATE INDEX IF NOT EXISTS ix_KeysWebhookDelivery_Pending
    ON KeysWebhookDelivery (ServiceId, WebhookId, OwnerId, Position) WHERE Status = 0;

CREATE INDEX IF NOT EXISTS ix_KeysWebhookDelivery_Completed
    ON KeysWebhookDelivery (ServiceId, CreatedAt) WHERE Status <> 0;
