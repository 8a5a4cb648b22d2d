using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;

namespace KeysCluster.Silo.Moves;

/// <summary>
/// Gives rows the service id of the cluster. The MAC of a state covers the service id, so it is computed again, but
/// only if it was valid: that of an altered state stays invalid.
/// </summary>
internal sealed class ServiceRename
{
    private readonly string _to;
    private readonly bool _isNeeded;
    private readonly StateMac _oldMac;
    private readonly StateMac _newMac;

    public ServiceRename(string from, string to, PepperSet peppers)
    {
        var ring = new PepperRing(peppers);
        (_to, _isNeeded) = (to, from != to);
        _oldMac = new StateMac(ring, from, isRequired: true);
        _newMac = new StateMac(ring, to, isRequired: true);
    }

    /// <summary>Changes a row of a table.</summary>
    public void Apply(MovedTable table, object?[] row)
    {
        if (!_isNeeded) return;
        if (table.IndexOf("ServiceId") is >= 0 and var serviceId) row[serviceId] = _to;
        if (table.Name != MovedTables.States) return;
        var payload = table.IndexOf("PayloadBinary");
        if (row[payload] is byte[] state) row[payload] = Authenticate(state);
    }

    private byte[] Authenticate(byte[] state)
    {
        if (StateMac.FindPepperId(state) is null) return state;
        try
        {
            return _newMac.Add(_oldMac.Open(state));
        }
        catch (AlteredStateException)
        {
            return state;
        }
    }
}
