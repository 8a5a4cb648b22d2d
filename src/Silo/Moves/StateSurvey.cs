using KeysCluster.Grains.Peppers;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;

namespace KeysCluster.Silo.Moves;

/// <summary>Verifies the MACs of states, and counts what is in them. Not safe for concurrent use.</summary>
/// <param name="peppers">The peppers of the service.</param>
/// <param name="serviceId">The service id of the database.</param>
/// <param name="now">The time as of which deadlines are compared.</param>
internal sealed class StateSurvey(PepperSet peppers, string serviceId, DateTimeOffset now)
{
    private readonly StateMac _mac = new(new PepperRing(peppers), serviceId, isRequired: true);
    private readonly PepperUsageCounter _counter = new(peppers, now);
    private readonly SortedSet<string> _altered = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _missingPeppers = new(StringComparer.Ordinal);
    private int _authenticated;
    private int _withoutMac;

    /// <summary>
    /// The ids of the peppers that are not configured, and on which a MAC, secret or record depends.
    /// </summary>
    public IReadOnlyCollection<string> MissingPeppers =>
        [.. _missingPeppers.Union(_counter.Usages.Keys.Where(id => peppers.All.All(pepper => pepper.Id != id)))];

    /// <summary>Adds a state as it is stored.</summary>
    public void Add(string stateName, string id, byte[] payload)
    {
        if (stateName is StorageNames.VirtualKey or StorageNames.Project) _counter.Add(stateName, payload);
        if (StateMac.FindPepperId(payload) is null)
        {
            _withoutMac++;
            return;
        }

        try
        {
            _mac.Open(payload);
            _authenticated++;
        }
        catch (AlteredStateException)
        {
            _altered.Add(id);
        }
        catch (MissingStatePepperException exception)
        {
            _missingPeppers.Add(exception.PepperId);
        }
    }

    /// <summary>Returns what the states contain.</summary>
    public StateReport Report()
    {
        var usages = _counter.Usages.Values;
        return new StateReport
        {
            Authenticated = _authenticated,
            WithoutMac = _withoutMac,
            Altered = [.. _altered],
            Secrets = usages.Sum(usage => usage.Secrets),
            RetiringSecrets = usages.Sum(usage => usage.RetiringSecrets),
            ApiKeySecrets = usages.Sum(usage => usage.ApiKeys + usage.RetiringApiKeys),
            WebhookSecrets = usages.Sum(usage => usage.WebhookSecrets),
            IdempotencyRecords = usages.Sum(usage => usage.IdempotencyRecords),
        };
    }
}
