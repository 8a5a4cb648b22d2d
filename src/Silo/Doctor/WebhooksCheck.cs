using System.Data.Common;
using System.Globalization;
using KeysCluster.Grains.Storage;
using KeysCluster.Silo.Storage;
using KeysCluster.Silo.Storage.Webhooks;

namespace KeysCluster.Silo.Doctor;

/// <summary>Finds webhooks whose endpoints accept nothing, and deliveries that no silo sends.</summary>
internal sealed class WebhooksCheck() : DatabaseCheck("webhooks", "how-to/webhooks.md")
{
    private const int MaxProjects = 10_000;
    private const int MaxDeliveries = 10_000;

    /// <summary>A new delivery is sent within seconds, and at first repeated after two minutes at most.</summary>
    private static readonly TimeSpan PermittedDelay = TimeSpan.FromMinutes(5);

    private const string ProjectsSql = $"""
        SELECT i.Id, s.Payload
        FROM (
            SELECT * FROM KeysStateIndex
            WHERE ServiceId = @ServiceId AND StateName = '{StorageNames.Project}' AND Owner = ''
            ORDER BY CreatedAt DESC, Id DESC
            LIMIT @Limit) i
        {StateIndex.StateJoin}
        """;

    private const string PendingSql = """
        SELECT ProjectId, WebhookId, count(*), min(CreatedAt), min(FailingSince)
        FROM (
            SELECT ProjectId, WebhookId, CreatedAt, FailingSince FROM KeysWebhookDelivery
            WHERE ServiceId = @ServiceId AND Status = 0
            LIMIT @Limit) d
        GROUP BY ProjectId, WebhookId
        ORDER BY ProjectId, WebhookId
        """;

    protected override async Task<IReadOnlyList<Finding>> RunAsync(
        DoctorContext context, KeysSiloOptions options, DbDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var findings = new List<Finding>();
        var webhooks = await FindDisabledAsync(findings, connection, options.ServiceId, cancellationToken);
        await FindPendingAsync(findings, connection, options.ServiceId, cancellationToken);
        findings.Add(Ok($"Webhooks: {webhooks}."));
        return findings;
    }

    /// <summary>Finds the webhooks that a silo has disabled, and returns the number of all.</summary>
    private async Task<int> FindDisabledAsync(
        List<Finding> findings, DbConnection connection, string serviceId, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = ProjectsSql;
        command.AddParameter("@ServiceId", serviceId);
        command.AddParameter("@Limit", MaxProjects);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var count = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            var project = StoredJson.Parse<StoredProject>(reader.GetFieldValue<byte[]>(1));
            if (project?.Webhooks is not { } webhooks) continue;
            count += webhooks.Count;
            findings.AddRange(webhooks
                .Where(webhook => webhook is { DisabledAt: not null, DisabledReason: "failing" })
                .Select(webhook => Warn(
                    $"The webhook {webhook.Id} is disabled since {webhook.DisabledAt:u}: its endpoint had accepted "
                    + "nothing for three days.",
                    reader.GetString(0),
                    $"Correct the endpoint {webhook.Url}, and enable the webhook, which sends what waits.")));
        }

        return count;
    }

    private async Task FindPendingAsync(
        List<Finding> findings, DbConnection connection, string serviceId, CancellationToken cancellationToken)
    {
        var before = TimeProvider.System.GetUtcNow() - PermittedDelay;
        await using var command = connection.CreateCommand();
        command.CommandText = PendingSql;
        command.AddParameter("@ServiceId", serviceId);
        command.AddParameter("@Limit", MaxDeliveries);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (project, webhook) = (reader.GetString(0), reader.GetString(1));
            var pending = Convert.ToInt64(reader.GetValue(2), CultureInfo.InvariantCulture);
            var (createdAt, failingSince) = (reader.GetTime(3), reader.FindTime(4));
            if (failingSince < before)
            {
                findings.Add(Warn(
                    $"The endpoint of the webhook {webhook} accepts nothing since {failingSince:u}; deliveries that "
                    + $"wait: {pending}.",
                    project,
                    "Correct the endpoint within three days: keys webhooks deliveries shows its answers."));
            }
            else if (failingSince is null && createdAt < before)
            {
                findings.Add(Warn(
                    $"No silo sends what waits for the webhook {webhook} since {createdAt:u}: {pending} deliveries.",
                    project,
                    "Start a silo. If one runs, read its log for webhooks."));
            }
        }
    }

    /// <summary>The part of the state of a project that the check reads.</summary>
    private sealed record StoredProject(IReadOnlyList<StoredWebhook>? Webhooks);

    private sealed record StoredWebhook(string Id, string Url, DateTimeOffset? DisabledAt, string? DisabledReason);
}
