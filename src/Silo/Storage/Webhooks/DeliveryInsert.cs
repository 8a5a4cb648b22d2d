using System.Data.Common;
using System.Globalization;
using System.Text;
using KeysCluster.Grains.Deliveries;

namespace KeysCluster.Silo.Storage.Webhooks;

/// <summary>Inserts pending deliveries, many rows at a time.</summary>
internal static class DeliveryInsert
{
    /// <summary>The end of a statement that leaves the deliveries alone that events have already.</summary>
    public const string KeepExistingSql = "ON CONFLICT (ServiceId, WebhookId, Position) DO NOTHING";

    /// <summary>The end of a statement that makes the deliveries pending again that events have already.</summary>
    public const string ResetExistingSql = """
        ON CONFLICT (ServiceId, WebhookId, Position) DO UPDATE
        SET Status = 0, FailingSince = NULL, NextAttemptAt = excluded.NextAttemptAt
        """;

    private const int BatchSize = 50;

    public static async Task ExecuteAsync(
        DbConnection connection,
        DbTransaction transaction,
        string serviceId,
        IReadOnlyList<NewDelivery> deliveries,
        string endSql,
        CancellationToken cancellationToken)
    {
        foreach (var batch in deliveries.Chunk(BatchSize))
        {
            await using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.AddParameter("@ServiceId", serviceId);
            var sql = new StringBuilder("""
                INSERT INTO KeysWebhookDelivery
                    (ServiceId, Id, ProjectId, WebhookId, OwnerId, Position, Type, Payload, CreatedAt, Status,
                     AttemptCount, Attempts, NextAttemptAt)
                VALUES
                """);
            for (var n = 0; n < batch.Length; n++)
            {
                var delivery = batch[n];
                sql.Append(n == 0 ? " " : ", ").Append(CultureInfo.InvariantCulture, $"""
                    (@ServiceId, @Id{n}, @Project{n}, @Webhook{n}, @Owner{n}, @Position{n}, @Type{n}, @Payload{n},
                     @At{n}, 0, 0, '[]', @At{n})
                    """);
                Add($"@Id{n}", delivery.Id.ToString());
                Add($"@Project{n}", delivery.ProjectId.ToString());
                Add($"@Webhook{n}", delivery.WebhookId.ToString());
                Add($"@Owner{n}", delivery.OwnerId);
                Add($"@Position{n}", delivery.Position!.Value);
                Add($"@Type{n}", delivery.Type);
                Add($"@Payload{n}", delivery.Payload);
                Add($"@At{n}", DeliveryColumns.Format(delivery.CreatedAt));
            }

            command.CommandText = sql.Append(' ').Append(endSql).ToString();
            await command.ExecuteNonQueryAsync(cancellationToken);

            void Add(string name, object value) => command.AddParameter(name, value);
        }
    }
}
