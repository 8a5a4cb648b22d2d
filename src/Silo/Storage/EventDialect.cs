using KeysCluster.Events;

namespace KeysCluster.Silo.Storage;

/// <summary>Where the queries of events differ between the databases.</summary>
internal abstract class EventDialect
{
    /// <summary>The collation of texts that are compared as bytes, with a leading space.</summary>
    public abstract string Collation { get; }

    /// <summary>The condition that an event is visible in the snapshot of the round.</summary>
    public abstract string VisibleSql { get; }

    /// <summary>
    /// The condition that the transaction of an event began after the snapshot of the round before. It must not be one
    /// that an index answers, because the index would not be in the order of the positions.
    /// </summary>
    public abstract string LaterSql { get; }

    /// <summary>
    /// Deletes at most <c>@Limit</c> events of <c>@ServiceId</c> that are older than <c>@Before</c>, and returns their
    /// number.
    /// </summary>
    public abstract string DeleteOldSql { get; }

    /// <summary>
    /// Deletes at most <c>@Limit</c> events of <c>@Project</c>, which is being erased, without those of the request to
    /// erase it, and returns their number.
    /// </summary>
    public abstract string EraseSql { get; }

    /// <summary>Returns the parameters of the conditions.</summary>
    public abstract IEnumerable<(string Name, object Value)> GetParameters(EventPosition position);
}
