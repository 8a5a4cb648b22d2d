-- Which silos may answer validations from memory, and until when. A change that ends the validity of a secret reads this
-- table after its commit and answers when each lease in it has been told or has ended. The rows must survive a crash of
-- the server as the keys do: a lost one would be a silo that nobody tells.
--
-- All times are this server's. A broken lease runs out: its holder finds out when it renews, and asks for another.

CREATE TABLE KeysSiloLease
(
    Id        uuid PRIMARY KEY,
    ServiceId varchar(150) COLLATE "C" NOT NULL,
    Holder    varchar(150) COLLATE "C" NOT NULL,
    Length    interval NOT NULL,
    ExpiresAt timestamptz NOT NULL,
    IsBroken  boolean NOT NULL DEFAULT false
) WITH (fillfactor = 50);
