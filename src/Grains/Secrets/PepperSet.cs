using System.Collections.Concurrent;

namespace KeysCluster.Grains.Secrets;

/// <summary>
/// The peppers of a silo at one time. The current one hashes new secrets; the others verify earlier hashes.
/// </summary>
public sealed class PepperSet
{
    /// <summary>
    /// The maximum number of peppers. A retry of a create searches the ids that each of them derives.
    /// </summary>
    public const int MaxCount = 8;

    private readonly ConcurrentDictionary<string, IReadOnlyList<byte[]>> _derivedKeys = new();

    /// <summary>Creates a set.</summary>
    /// <param name="current">The pepper that hashes new secrets.</param>
    /// <param name="others">The other peppers.</param>
    /// <exception cref="ArgumentException">
    /// Two peppers have the same id, or there are more than <see cref="MaxCount"/>.
    /// </exception>
    public PepperSet(Pepper current, params IEnumerable<Pepper> others)
    {
        Current = current;
        All = [current, .. others];
        if (All.DistinctBy(pepper => pepper.Id).Count() < All.Count)
            throw new ArgumentException("Two peppers have the same id.", nameof(others));
        if (All.Count > MaxCount)
            throw new ArgumentException($"There are more than {MaxCount} peppers.", nameof(others));
    }

    /// <summary>The pepper that hashes new secrets.</summary>
    public Pepper Current { get; }

    /// <summary>All peppers, the current one first.</summary>
    public IReadOnlyList<Pepper> All { get; }

    /// <summary>
    /// Returns the keys of one purpose, that of the current pepper first. Later calls return the same list.
    /// </summary>
    public IReadOnlyList<byte[]> DeriveKeys(string purpose) =>
        _derivedKeys.GetOrAdd(purpose, name => [.. All.Select(pepper => pepper.DeriveKey(name))]);

    /// <summary>Returns the position of a pepper in <see cref="All"/>; -1 if the set does not contain it.</summary>
    internal int IndexOf(string id)
    {
        for (var i = 0; i < All.Count; i++)
            if (All[i].Id == id) return i;
        return -1;
    }

    /// <summary>Returns a pepper; null if the set does not contain it.</summary>
    /// <param name="id">The id; null for that of a record from builds that had one pepper.</param>
    internal Pepper? Find(string? id)
    {
        foreach (var pepper in All)
            if (id is null ? pepper.UsesRawKey : pepper.Id == id) return pepper;
        return null;
    }
}
