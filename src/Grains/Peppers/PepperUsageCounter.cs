using System.Text.Json;
using KeysCluster.Grains.Projects;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.VirtualKeys;

namespace KeysCluster.Grains.Peppers;

/// <summary>Counts in stored states what depends on each pepper. Not safe for concurrent use.</summary>
/// <param name="peppers">The configured peppers, to which records of builds that had one pepper are assigned.</param>
/// <param name="now">The time as of which deadlines are compared.</param>
public sealed class PepperUsageCounter(PepperSet peppers, DateTimeOffset now)
{
    /// <summary>The id for records of builds that had one pepper, when that pepper is not configured.</summary>
    public const string UnknownId = "unknown";

    private readonly Dictionary<string, PepperUsage> _usages = [];

    /// <summary>The counts by the ids of peppers. A pepper on which nothing depends is missing.</summary>
    public IReadOnlyDictionary<string, PepperUsage> Usages => _usages;

    /// <summary>The number of states that could not be read.</summary>
    public int UnreadableStates { get; private set; }

    /// <summary>Counts the secrets and idempotency records of a stored state.</summary>
    /// <param name="stateName">The name of the state.</param>
    /// <param name="payload">The state as it is stored.</param>
    /// <returns>The secrets that depend on a pepper.</returns>
    public IReadOnlyList<PepperDependent> Add(string stateName, ReadOnlySpan<byte> payload)
    {
        SecretHolderState? state;
        try
        {
            state = stateName == StorageNames.Project
                ? JsonSerializer.Deserialize<ProjectState>(payload, StateJson.Options)
                : JsonSerializer.Deserialize<VirtualKeyState>(payload, StateJson.Options);
        }
        catch (JsonException)
        {
            state = null;
        }

        if (state is null)
        {
            UnreadableStates++;
            return [];
        }

        if (StateMac.FindPepperId(payload) is { } macPepperId)
            Count(macPepperId, usage => usage with { States = usage.States + 1 });
        foreach (var record in state.IdempotencyRecords.Records.Where(record => !record.HasExpired(now)))
        {
            Count(
                record.PepperId ?? peppers.Find(id: null)?.Id ?? UnknownId,
                usage => usage with { IdempotencyRecords = usage.IdempotencyRecords + 1 });
        }

        if (state is ProjectState { ArchivedAt: null } project)
        {
            foreach (var secret in project.Webhooks.SelectMany(webhook => webhook.Secrets))
                Count(secret.PepperId, usage => usage with { WebhookSecrets = usage.WebhookSecrets + 1 });
        }

        var dependents = state.SecretSets
            .SelectMany(secrets => secrets.All())
            .Where(secret => state.DependsOnPepper(secret, now))
            .ToList();
        foreach (var secret in dependents) Count(secret.PepperId, usage => Add(usage, stateName, secret));
        return
        [
            .. dependents.Select(secret =>
                new PepperDependent(secret.PepperId, state.Id, secret.Id, secret.LastUsedAt)),
        ];
    }

    private static PepperUsage Add(PepperUsage usage, string stateName, StoredSecret secret) =>
        (stateName == StorageNames.Project, secret.ValidUntil is null) switch
        {
            (false, true) => usage with { Secrets = usage.Secrets + 1 },
            (false, false) => usage with { RetiringSecrets = usage.RetiringSecrets + 1 },
            (true, true) => usage with { ApiKeys = usage.ApiKeys + 1 },
            (true, false) => usage with { RetiringApiKeys = usage.RetiringApiKeys + 1 },
        };

    private void Count(string pepperId, Func<PepperUsage, PepperUsage> add) =>
        _usages[pepperId] = add(_usages.GetValueOrDefault(pepperId) ?? new PepperUsage());
}
