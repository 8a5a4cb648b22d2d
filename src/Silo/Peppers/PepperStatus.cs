using System.Globalization;
using System.Text;
using KeysCluster.Grains.Peppers;
using KeysCluster.Silo.Storage;

namespace KeysCluster.Silo.Peppers;

/// <summary>What in the database depends on each pepper, as a text for the operator.</summary>
internal sealed class PepperStatus(NamedPeppers peppers, DateTimeOffset now)
{
    private const string Missing = "(missing)";

    private readonly PepperUsageCounter _counter = new(peppers.Set, now);
    private readonly List<PepperDependent> _listed = [];

    /// <summary>The number of states that were read.</summary>
    public int States { get; private set; }

    /// <summary>The number of states that could not be read.</summary>
    public int UnreadableStates => _counter.UnreadableStates;

    /// <summary>The ids of peppers on which something depends, and which are not configured.</summary>
    public IReadOnlyList<string> MissingIds =>
        [.. _counter.Usages.Keys.Where(id => peppers.FindName(id) is null).Order()];

    /// <summary>The names of configured peppers on which nothing depends, except the current one.</summary>
    public IReadOnlyList<string> UnusedNames => [.. peppers.Names.Where(CanBeRemoved)];

    /// <summary>Reads all states.</summary>
    /// <param name="states">The states.</param>
    /// <param name="listed">The name or id of a pepper whose secrets to list; null for none.</param>
    /// <param name="cancellationToken">Cancels the reads.</param>
    public async Task ReadAsync(StoredStates states, string? listed, CancellationToken cancellationToken)
    {
        var listedId = peppers.Names.FirstOrDefault(
            name => name.Equals(listed, StringComparison.OrdinalIgnoreCase)) is { } found
            ? peppers.GetId(found)
            : listed;
        await foreach (var state in states.ReadAsync(cancellationToken))
        {
            States++;
            var dependents = _counter.Add(state.StateName, state.Payload);
            _listed.AddRange(dependents.Where(secret => secret.PepperId == listedId));
        }
    }

    /// <summary>Returns a table with a row for each pepper, what can be removed, and the listed secrets.</summary>
    public string Format()
    {
        var text = new StringBuilder();
        AppendRow(text, "Pepper", "Id", "Secrets", "Retiring", "API keys", "Retiring", "Webhooks", "Retries",
            "States");
        foreach (var name in peppers.Names) AppendUsage(text, name, peppers.GetId(name));
        foreach (var id in MissingIds) AppendUsage(text, Missing, id);

        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"The current pepper is {peppers.CurrentName}.");
        if (MissingIds.Count > 0)
            text.AppendLine("Secrets and states under a missing pepper are unavailable: configure that pepper again.");
        if (UnreadableStates > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"States that cannot be read: {UnreadableStates}. Remove no pepper until all can be read.");
        }
        else
        {
            foreach (var name in UnusedNames)
            {
                text.AppendLine(CultureInfo.InvariantCulture,
                    $"{name} can be removed, if it has not been the current pepper of any silo for 24 hours.");
            }
        }

        foreach (var secret in _listed)
        {
            var lastUse = secret.LastUsedAt?.ToString("u", CultureInfo.InvariantCulture) ?? "never";
            text.AppendLine(CultureInfo.InvariantCulture, $"{secret.OwnerId} {secret.SecretId} last used: {lastUse}");
        }

        return text.ToString().TrimEnd();
    }

    private bool CanBeRemoved(string name) =>
        name != peppers.CurrentName && !_counter.Usages.ContainsKey(peppers.GetId(name));

    private void AppendUsage(StringBuilder text, string name, string id)
    {
        var usage = _counter.Usages.GetValueOrDefault(id) ?? new PepperUsage();
        int[] counts =
        [
            usage.Secrets, usage.RetiringSecrets, usage.ApiKeys, usage.RetiringApiKeys, usage.WebhookSecrets,
            usage.IdempotencyRecords, usage.States,
        ];
        AppendRow(text, name, id, [.. counts.Select(count => count.ToString(CultureInfo.InvariantCulture))]);
    }

    private static void AppendRow(StringBuilder text, string name, string id, params string[] counts)
    {
        text.Append(CultureInfo.InvariantCulture, $"{name,-16} {id,-16}");
        foreach (var count in counts) text.Append(CultureInfo.InvariantCulture, $" {count,9}");
        text.AppendLine();
    }
}
