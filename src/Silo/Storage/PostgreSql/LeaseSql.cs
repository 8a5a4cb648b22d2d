namespace KeysCluster.Silo.Storage.PostgreSql;

/// <summary>The statements of <see cref="PostgresLeaseStore"/>.</summary>
internal static class LeaseSql
{
    /// <summary>The timeline of the server; a failover and a restore start a new one.</summary>
    public const string Timeline = "substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)";

    /// <summary>A change outside the service may have left the revision as it was: no cached one may be used.</summary>
    private const string AllRevisions = "9223372036854775807";

    /// <summary>The timeline of a lease that cannot be renewed any more. No server has it.</summary>
    private const string NoTimeline = "";

    // The events and the snapshot belong to one statement, and so to one view of the database. xmin bounds the part of
    // the index that is read; visibility decides, because transactions do not commit in the order of their ids.
    public const string ReadLog = $"""
        SELECT s.Snapshot::text, {Timeline}, clock_timestamp(), pg_postmaster_start_time(), e.StateName, e.Id,
               CASE e.ActorKind WHEN 'database' THEN {AllRevisions} ELSE e.Revision END, e.Xid::text
        FROM (SELECT pg_current_snapshot() AS Snapshot) s
        LEFT JOIN KeysEvent e
            ON e.ServiceId = @ServiceId AND e.Xid >= pg_snapshot_xmin(@After::pg_snapshot)
            AND NOT pg_visible_in_snapshot(e.Xid, @After::pg_snapshot)
        LIMIT @Limit
        """;

    public const string ReadPosition = $"""
        SELECT pg_current_snapshot()::text, {Timeline}, clock_timestamp(), pg_postmaster_start_time()
        """;

    // A client names itself, so the second limit is the one that holds. A client may have several silos insert its
    // lease at the same time: each of them returns the position of the first one, because the client has applied no
    // more.
    public const string Acquire = $"""
        INSERT INTO KeysLease AS l (Id, ServiceId, Holder, Duration, Applied, Timeline)
        SELECT @Id, @ServiceId, @Holder, @Duration, pg_current_snapshot(), {Timeline}
        WHERE NOT @IsClient
            OR ((SELECT count(*) FROM KeysLease WHERE ServiceId = @ServiceId AND Holder = @Holder) < @HolderLimit
                AND (SELECT count(*) FROM KeysLease WHERE ServiceId = @ServiceId) < @Limit)
        ON CONFLICT (Id) DO UPDATE SET Holder = excluded.Holder
            WHERE l.ServiceId = excluded.ServiceId AND l.Holder = excluded.Holder
        RETURNING l.Applied::text, l.Timeline
        """;

    // A position does not go back, so neither a late renewal nor a holder that names an old one prolongs a wait.
    public const string Renew = $"""
        UPDATE KeysLease l
        SET Renewals = l.Renewals + 1,
            Applied = CASE
                WHEN pg_snapshot_xmin(r.Applied::pg_snapshot) >= pg_snapshot_xmin(l.Applied)
                    AND pg_snapshot_xmax(r.Applied::pg_snapshot) >= pg_snapshot_xmax(l.Applied)
                THEN r.Applied::pg_snapshot ELSE l.Applied END
        FROM unnest(@Ids, @Applied) AS r (Id, Applied)
        WHERE l.Id = r.Id AND l.Timeline = {Timeline}
        RETURNING l.Id
        """;

    public const string StopRenewal = $"UPDATE KeysLease SET Timeline = '{NoTimeline}' WHERE Id = @Id";

    public const string Release = "DELETE FROM KeysLease WHERE Id = @Id";

    public const string GetAll = $"""
        SELECT Id, Holder, Duration, Renewals, Applied::text, Timeline, Timeline = {Timeline}
        FROM KeysLease WHERE ServiceId = @ServiceId
        """;

    public const string RemoveExpired = "DELETE FROM KeysLease WHERE Id = @Id AND Renewals = @Renewals";

    public const string GetLastTransaction = $"""
        SELECT {Timeline}, Xid::text FROM KeysEvent
        WHERE ServiceId = @ServiceId AND StateName = @StateName AND Id = @Id
        ORDER BY Position DESC LIMIT 1
        """;
}
