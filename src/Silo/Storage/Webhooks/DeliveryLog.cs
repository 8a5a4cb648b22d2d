using System.Data.Common;
using System.Globalization;
using KeysCluster.Grains.Deliveries;
using KeysCluster.Webhooks;

namespace KeysCluster.Silo.Storage.Webhooks;

/// <summary>The deliveries of webhooks as the API shows them. The SQL runs on PostgreSQL and on SQLite.</summary>
internal sealed class DeliveryLog(DbDataSource dataSource, string serviceId) : IDeliveryLog
{
    private const string SelectSql = """
        SELECT Id, WebhookId, Type, Position, Payload, CreatedAt, Status, AttemptCount, Attempts, NextAttemptAt
        FROM KeysWebhookDelivery
        WHERE ServiceId = @ServiceId AND ProjectId = @ProjectId AND WebhookId = @WebhookId
        """;

    public async Task<WebhookDeliveryPage> ListAsync(
        ProjectId project,
        WebhookId webhook,
        WebhookDeliveryStatus? status,
        WebhookDeliveryId? after,
        int limit,
        CancellationToken cancellationToken)
    {
        var conditions = (status is null ? "" : " AND Status = @Status") + (after is null ? "" : " AND Id < @After");
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = CreateCommand(
            connection, $"{SelectSql}{conditions} ORDER BY Id DESC LIMIT @Limit", project, webhook);
        if (status is { } number) command.AddParameter("@Status", (int)number);
        if (after is { } id) command.AddParameter("@After", id.ToString());
        command.AddParameter("@Limit", limit + 1);
        var deliveries = await ReadAsync(command, cancellationToken);
        return new WebhookDeliveryPage([.. deliveries.Take(limit)], deliveries.Count > limit);
    }

    public async Task<WebhookDelivery?> FindAsync(
        ProjectId project, WebhookId webhook, WebhookDeliveryId delivery, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = CreateCommand(connection, $"{SelectSql} AND Id = @Id", project, webhook);
        command.AddParameter("@Id", delivery.ToString());
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    public async Task RedeliverAsync(
        ProjectId project,
        WebhookId webhook,
        WebhookDeliveryId delivery,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = CreateCommand(connection, """
            UPDATE KeysWebhookDelivery SET Status = 0, FailingSince = NULL, NextAttemptAt = @Now
            WHERE ServiceId = @ServiceId AND ProjectId = @ProjectId AND WebhookId = @WebhookId AND Id = @Id
            """, project, webhook);
        command.AddParameter("@Id", delivery.ToString());
        command.AddParameter("@Now", DeliveryColumns.Format(now));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task AddTestAsync(
        NewDelivery delivery, WebhookAttempt attempt, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = CreateCommand(connection, """
            INSERT INTO KeysWebhookDelivery
                (ServiceId, Id, ProjectId, WebhookId, OwnerId, Type, Payload, CreatedAt, Status, AttemptCount, Attempts)
            VALUES
                (@ServiceId, @Id, @ProjectId, @WebhookId, @OwnerId, @Type, @Payload, @CreatedAt, @Status, 1, @Attempts)
            """, delivery.ProjectId, delivery.WebhookId);
        var status = attempt.IsAccepted ? WebhookDeliveryStatus.Delivered : WebhookDeliveryStatus.Failed;
        command.AddParameter("@Id", delivery.Id.ToString());
        command.AddParameter("@OwnerId", delivery.OwnerId);
        command.AddParameter("@Type", delivery.Type);
        command.AddParameter("@Payload", delivery.Payload);
        command.AddParameter("@CreatedAt", DeliveryColumns.Format(delivery.CreatedAt));
        command.AddParameter("@Status", (int)status);
        command.AddParameter("@Attempts", DeliveryColumns.FormatAttempts([attempt]));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<int> DeleteAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = """
            DELETE FROM KeysWebhookDelivery WHERE ServiceId = @ServiceId AND Id IN (
                SELECT Id FROM KeysWebhookDelivery
                WHERE ServiceId = @ServiceId AND Status <> 0 AND CreatedAt < @Before
                ORDER BY CreatedAt
                LIMIT @Limit)
            """;
        command.AddParameter("@ServiceId", serviceId);
        command.AddParameter("@Before", DeliveryColumns.Format(before));
        command.AddParameter("@Limit", limit);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<int> DeleteAsync(
        ProjectId project, WebhookId webhook, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = CreateCommand(connection, """
            DELETE FROM KeysWebhookDelivery WHERE ServiceId = @ServiceId AND Id IN (
                SELECT Id FROM KeysWebhookDelivery
                WHERE ServiceId = @ServiceId AND ProjectId = @ProjectId AND WebhookId = @WebhookId
                LIMIT @Limit)
            """, project, webhook);
        command.AddParameter("@Limit", limit);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<List<WebhookDelivery>> ReadAsync(DbCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<WebhookDelivery> deliveries = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            deliveries.Add(new WebhookDelivery
            {
                Id = WebhookDeliveryId.Parse(reader.GetString(0)),
                WebhookId = WebhookId.Parse(reader.GetString(1)),
                Type = reader.GetString(2),
                Position = reader.IsDBNull(3) ? null : reader.GetInt64(3),
                Payload = reader.GetString(4),
                CreatedAt = reader.GetTime(5),
                Status = (WebhookDeliveryStatus)Convert.ToInt32(reader.GetValue(6), CultureInfo.InvariantCulture),
                AttemptCount = Convert.ToInt32(reader.GetValue(7), CultureInfo.InvariantCulture),
                Attempts = reader.GetAttempts(8),
                NextAttemptAt = reader.FindTime(9),
            });
        }

        return deliveries;
    }

    private DbCommand CreateCommand(DbConnection connection, string sql, ProjectId project, WebhookId webhook)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.AddParameter("@ServiceId", serviceId);
        command.AddParameter("@ProjectId", project.ToString());
        command.AddParameter("@WebhookId", webhook.ToString());
        return command;
    }
}
