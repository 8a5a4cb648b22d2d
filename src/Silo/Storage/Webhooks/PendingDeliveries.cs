using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using KeysCluster.Grains.Deliveries;
using KeysCluster.Webhooks;

namespace KeysCluster.Silo.Storage.Webhooks;

/// <summary>
/// The pending deliveries of webhooks. The SQL runs on PostgreSQL and on SQLite. Where only the first row of each of
/// several ids is needed, a recursive query goes from one id to the next in the index, so that the cost does not depend
/// on how many deliveries wait.
/// </summary>
internal sealed class PendingDeliveries(DbDataSource dataSource, string serviceId, WebhookDialect dialect)
    : IPendingDeliveries
{
    private const string PendingWebhooksSql = """
        WITH RECURSIVE webhooks (WebhookId) AS (
            SELECT (SELECT MIN(WebhookId) FROM KeysWebhookDelivery WHERE ServiceId = @ServiceId AND Status = 0)
            UNION ALL
            SELECT (SELECT MIN(d.WebhookId) FROM KeysWebhookDelivery d
                    WHERE d.ServiceId = @ServiceId AND d.Status = 0 AND d.WebhookId > w.WebhookId)
            FROM webhooks w WHERE w.WebhookId IS NOT NULL)
        SELECT (SELECT d.ProjectId FROM KeysWebhookDelivery d
                WHERE d.ServiceId = @ServiceId AND d.Status = 0 AND d.WebhookId = w.WebhookId LIMIT 1), w.WebhookId
        FROM webhooks w WHERE w.WebhookId IS NOT NULL
        """;

    private const string ReadSql = """
        WITH RECURSIVE owners (OwnerId, Number) AS (
            SELECT (SELECT MIN(OwnerId) FROM KeysWebhookDelivery
                    WHERE ServiceId = @ServiceId AND WebhookId = @WebhookId AND Status = 0 AND OwnerId > @AfterOwner), 1
            UNION ALL
            SELECT (SELECT MIN(d.OwnerId) FROM KeysWebhookDelivery d
                    WHERE d.ServiceId = @ServiceId AND d.WebhookId = @WebhookId AND d.Status = 0
                      AND d.OwnerId > o.OwnerId),
                   o.Number + 1
            FROM owners o WHERE o.OwnerId IS NOT NULL AND o.Number < @Limit)
        SELECT d.Id, d.OwnerId, d.Payload, d.AttemptCount, d.Attempts, d.NextAttemptAt, d.FailingSince
        FROM owners o
        JOIN KeysWebhookDelivery d ON d.ServiceId = @ServiceId AND d.Id = (
            SELECT f.Id FROM KeysWebhookDelivery f
            WHERE f.ServiceId = @ServiceId AND f.WebhookId = @WebhookId AND f.OwnerId = o.OwnerId AND f.Status = 0
            ORDER BY f.Position
            LIMIT 1)
        ORDER BY o.OwnerId
        """;

    private readonly string _leadSql = $"""
        INSERT INTO KeysWebhookLeader AS l (ServiceId, Silo, ExpiresAt) VALUES (@ServiceId, @Silo, {dialect.InSeconds})
        ON CONFLICT (ServiceId) DO UPDATE SET Silo = excluded.Silo, ExpiresAt = excluded.ExpiresAt
        WHERE l.Silo = excluded.Silo OR l.ExpiresAt < {dialect.Now}
        RETURNING Cursor
        """;

    private readonly string _releaseSql = $"""
        UPDATE KeysWebhookLeader SET ExpiresAt = {dialect.Now} WHERE ServiceId = @ServiceId AND Silo = @Silo
        """;

    public async Task<(bool IsLeader, WebhookCursor? Cursor)> TryLeadAsync(
        string silo, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = CreateCommand(connection, _leadSql);
        command.AddParameter("@Silo", silo);
        command.AddParameter("@Seconds", (int)duration.TotalSeconds);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return (false, null);
        return (true, reader.IsDBNull(0) ? null : JsonSerializer.Deserialize<WebhookCursor>(reader.GetString(0)));
    }

    public async Task ReleaseAsync(string silo, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = CreateCommand(connection, _releaseSql);
        command.AddParameter("@Silo", silo);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<bool> AddAsync(
        string silo,
        WebhookCursor cursor,
        IReadOnlyList<NewDelivery> deliveries,
        CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = CreateCommand(connection, """
            UPDATE KeysWebhookLeader SET Cursor = @Cursor WHERE ServiceId = @ServiceId AND Silo = @Silo
            """);
        command.Transaction = transaction;
        command.AddParameter("@Silo", silo);
        command.AddParameter("@Cursor", JsonSerializer.Serialize(cursor));
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0) return false;

        await DeliveryInsert.ExecuteAsync(
            connection, transaction, serviceId, deliveries, DeliveryInsert.KeepExistingSql, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<IReadOnlyList<(ProjectId Project, WebhookId Webhook)>> ListPendingAsync(
        CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = CreateCommand(connection, PendingWebhooksSql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<(ProjectId, WebhookId)> webhooks = [];
        while (await reader.ReadAsync(cancellationToken))
            webhooks.Add((ProjectId.Parse(reader.GetString(0)), WebhookId.Parse(reader.GetString(1))));
        return webhooks;
    }

    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = CreateCommand(connection, """
            SELECT COUNT(*) FROM KeysWebhookDelivery WHERE ServiceId = @ServiceId AND Status = 0
            """);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    public async Task<IReadOnlyList<PendingDelivery>> ReadAsync(
        WebhookId webhook, string afterOwner, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = CreateCommand(connection, ReadSql);
        command.AddParameter("@WebhookId", webhook.ToString());
        command.AddParameter("@AfterOwner", afterOwner);
        command.AddParameter("@Limit", limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<PendingDelivery> pending = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            pending.Add(new PendingDelivery(
                WebhookDeliveryId.Parse(reader.GetString(0)),
                reader.GetString(1),
                reader.GetString(2),
                Convert.ToInt32(reader.GetValue(3), CultureInfo.InvariantCulture),
                reader.GetAttempts(4),
                reader.GetTime(5),
                reader.FindTime(6)));
        }

        return pending;
    }

    public async Task<DateTimeOffset?> FindFailingSinceAsync(WebhookId webhook, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = CreateCommand(connection, """
            SELECT MIN(FailingSince) FROM KeysWebhookDelivery
            WHERE ServiceId = @ServiceId AND WebhookId = @WebhookId AND Status = 0
            """);
        command.AddParameter("@WebhookId", webhook.ToString());
        return await command.ExecuteScalarAsync(cancellationToken) is string text
            ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture)
            : null;
    }

    public async Task<DateTimeOffset?> FindLastAcceptedAsync(
        ProjectId project, WebhookId webhook, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);

        // They are accepted in another order than they are added, but few at the same time.
        await using var command = CreateCommand(connection, """
            SELECT Attempts FROM KeysWebhookDelivery
            WHERE ServiceId = @ServiceId AND ProjectId = @ProjectId AND WebhookId = @WebhookId AND Status = 1
            ORDER BY Id DESC
            LIMIT 100
            """);
        command.AddParameter("@ProjectId", project.ToString());
        command.AddParameter("@WebhookId", webhook.ToString());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        DateTimeOffset? last = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            var accepted = reader.GetAttempts(0).LastOrDefault(attempt => attempt.IsAccepted);
            if (accepted is not null && !(last >= accepted.At)) last = accepted.At;
        }

        return last;
    }

    public async Task PauseAsync(WebhookId webhook, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = CreateCommand(connection, """
            UPDATE KeysWebhookDelivery SET Status = 3, NextAttemptAt = NULL
            WHERE ServiceId = @ServiceId AND WebhookId = @WebhookId AND Status = 0
            """);
        command.AddParameter("@WebhookId", webhook.ToString());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task ResumeAsync(
        ProjectId project, WebhookId webhook, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = CreateCommand(connection, """
            UPDATE KeysWebhookDelivery SET Status = 0, FailingSince = NULL, NextAttemptAt = @Now
            WHERE ServiceId = @ServiceId AND ProjectId = @ProjectId AND WebhookId = @WebhookId AND Status = 3
            """);
        command.AddParameter("@ProjectId", project.ToString());
        command.AddParameter("@WebhookId", webhook.ToString());
        command.AddParameter("@Now", DeliveryColumns.Format(now));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task RecordAsync(
        PendingDelivery delivery,
        WebhookAttempt attempt,
        DateTimeOffset? nextAttemptAt,
        CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);

        // A silo that has led before may record an attempt late: that of another silo counts.
        await using var command = CreateCommand(connection, """
            UPDATE KeysWebhookDelivery
            SET Status = @Status, AttemptCount = AttemptCount + 1, Attempts = @Attempts,
                FailingSince = CASE WHEN @Status = 0 THEN COALESCE(FailingSince, @At) END, NextAttemptAt = @Next
            WHERE ServiceId = @ServiceId AND Id = @Id AND Status = 0 AND AttemptCount = @AttemptCount
            """);
        var status = attempt.IsAccepted ? WebhookDeliveryStatus.Delivered
            : nextAttemptAt is null ? WebhookDeliveryStatus.Failed
            : WebhookDeliveryStatus.Pending;
        command.AddParameter("@Id", delivery.Id.ToString());
        command.AddParameter("@AttemptCount", delivery.AttemptCount);
        command.AddParameter("@Status", (int)status);
        command.AddParameter("@Attempts", DeliveryColumns.FormatAttempts([.. delivery.Attempts, attempt]));
        command.AddParameter("@At", DeliveryColumns.Format(attempt.At));
        command.AddParameter("@Next", DeliveryColumns.FormatOrNull(nextAttemptAt));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private DbCommand CreateCommand(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.AddParameter("@ServiceId", serviceId);
        return command;
    }
}
