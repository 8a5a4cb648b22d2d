namespace KeysCluster.Silo.Doctor;

/// <summary>Compares each event with the one after it, of the same virtual key or project.</summary>
internal sealed class EventSequence
{
    /// <summary>The types of the events that a trigger of the database writes.</summary>
    private const string AlteredType = "altered";
    private const string DeletedType = "deleted";

    private readonly Dictionary<(string StateName, string Id), (long? Number, long Revision)> _later = [];

    public int Events { get; private set; }

    /// <summary>The ids of owners that were changed or deleted outside the service.</summary>
    public HashSet<string> Altered { get; } = [];

    /// <summary>The ids of owners whose numbers have a gap.</summary>
    public HashSet<string> Gaps { get; } = [];

    /// <summary>The ids of owners whose numbers repeat or decrease.</summary>
    public HashSet<string> Repeated { get; } = [];

    /// <summary>The ids of owners whose revision decreases.</summary>
    public HashSet<string> Decreased { get; } = [];

    /// <summary>Adds the event before those that were added.</summary>
    /// <param name="owner">The virtual key or project.</param>
    /// <param name="number">Counts the events of the owner; null if the service did not number the event.</param>
    /// <param name="revision">The revision of the state, which never decreases.</param>
    /// <param name="type">The stored type of the event.</param>
    public void AddEarlier((string StateName, string Id) owner, long? number, long revision, string type)
    {
        Events++;
        if (type is AlteredType or DeletedType)
        {
            Altered.Add(owner.Id);

            // An owner that was deleted may be created again, from the first number.
            if (type == DeletedType) _later.Remove(owner);
            return;
        }

        var hasLater = _later.TryGetValue(owner, out var later);
        if (hasLater && revision > later.Revision) Decreased.Add(owner.Id);
        if (number is { } own && later.Number is { } next)
        {
            if (next <= own) Repeated.Add(owner.Id);
            else if (next > own + 1) Gaps.Add(owner.Id);
        }

        _later[owner] = (number ?? later.Number, revision);
    }
}
