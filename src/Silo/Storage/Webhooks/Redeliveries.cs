using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using KeysCluster.Events;
using KeysCluster.Grains.Deliveries;
using KeysCluster.Webhooks;

namespace KeysCluster.Silo.Storage.Webhooks;

/// <summary>
/// The requests to send the events of webhooks again. The SQL runs on PostgreSQL and on SQLite.
/// </summary>
internal sealed class Redeliveries(DbDataSource dataSource, string serviceId) : IRedeliveries
{
    private const string AddSql = """
        INSERT INTO KeysWebhookRedelivery AS r (ServiceId, WebhookId, ProjectId, Since, Version)
        VALUES (@ServiceId, @WebhookId, @ProjectId, @Since, @NextVersion)
        ON CONFLICT (ServiceId, WebhookId) DO UPDATE
        SET Since = CASE WHEN excluded.Since < r.Since THEN excluded.Since ELSE r.Since END,
            Position = NULL, Version = excluded.Version
        RETURNING Since
        """;

    private const string ConditionSql = """
        WHERE ServiceId = @ServiceId AND WebhookId = @WebhookId AND Version = @Version
        """;

    public async Task<DateTimeOffset> AddAsync(
        ProjectId project, WebhookId webhook, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = CreateCommand(connection, AddSql);
        command.AddParameter("@WebhookId", webhook.ToString());
        command.AddParameter("@ProjectId", project.ToString());
        command.AddParameter("@Since", DeliveryColumns.Format(since));
        command.AddParameter("@NextVersion", CreateVersion());
        var first = (string)(await command.ExecuteScalarAsync(cancellationToken))!;
        return DateTimeOffset.Parse(first, CultureInfo.InvariantCulture);
    }

    public async Task<IReadOnlyList<Redelivery>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);

        // The versions are random, so all requests take turns.
        await using var command = CreateCommand(connection, """
            SELECT ProjectId, WebhookId, Since, Position, Version FROM KeysWebhookRedelivery
            WHERE ServiceId = @ServiceId
            ORDER BY Version
            LIMIT @Limit
            """);
        command.AddParameter("@Limit", limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<Redelivery> redeliveries = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            redeliveries.Add(new Redelivery(
                ProjectId.Parse(reader.GetString(0)),
                WebhookId.Parse(reader.GetString(1)),
                reader.GetTime(2),
                reader.IsDBNull(3) ? null : JsonSerializer.Deserialize<EventPosition>(reader.GetString(3)),
                reader.GetString(4)));
        }

        return redeliveries;
    }

    public async Task<bool> ContinueAsync(
        Redelivery redelivery,
        EventPosition? next,
        IReadOnlyList<NewDelivery> deliveries,
        CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = CreateCommand(connection, next is null
            ? $"DELETE FROM KeysWebhookRedelivery {ConditionSql}"
            : $"UPDATE KeysWebhookRedelivery SET Position = @Position, Version = @NextVersion {ConditionSql}");
        command.Transaction = transaction;
        command.AddParameter("@WebhookId", redelivery.WebhookId.ToString());
        command.AddParameter("@Version", redelivery.Version);
        if (next is not null)
        {
            command.AddParameter("@Position", JsonSerializer.Serialize(next));
            command.AddParameter("@NextVersion", CreateVersion());
        }

        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0) return false;
        await DeliveryInsert.ExecuteAsync(
            connection, transaction, serviceId, deliveries, DeliveryInsert.ResetExistingSql, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static string CreateVersion() => Guid.NewGuid().ToString("N");

    private DbCommand CreateCommand(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.AddParameter("@ServiceId", serviceId);
        return command;
    }
}
