using KeysCluster.Cluster.EndToEnd.Checking;
using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Reporting;

/// <summary>What a run showed.</summary>
internal sealed class Report
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    public Report(
        RunSettings settings,
        Moment end,
        IReadOnlyList<Call> calls,
        IReadOnlyList<Incident> incidents,
        IReadOnlyList<Violation> violations,
        string logFolder)
    {
        (Settings, Calls, Incidents, Violations, LogFolder) = (settings, calls, incidents, violations, logFolder);
        Duration = TimeSpan.FromTicks(end.Ticks);
        Stretches = Stretch.Find(calls, incidents);

        var stopped = incidents.Where(incident => incident.StopsProcess).ToLookup(incident => incident.Target);
        var alive = calls.Where(call => !stopped[call.Node].Any(incident => incident.Meets(call))).ToList();
        Late = [.. alive.Where(call => call.Duration > AnswerWithin)];

        // A silo that learns that it was declared dead ends by itself, at any time while it is cut off or recovers from that.
        var befallen = incidents.ToLookup(incident => incident.Target);
        Unanswered = [.. alive.Where(call =>
            call.Status is null && !befallen[call.Node].Any(incident => incident.Meets(call)))];
        WithoutRetryAfter = [.. calls.Where(call => call is { Status: 503, HasRetryAfter: false })];
        OtherFailures = [.. calls.Where(call => call.Status is >= 500 and not 503)];
        KilledUntilAnswers = [.. UntilAnswers(IncidentKind.KillSilo)];
        PausedUntilAnswers = [.. UntilAnswers(IncidentKind.PauseSilo)];
    }

    public RunSettings Settings { get; }

    /// <summary>Of the calls of the clients, until the last fault was healed.</summary>
    public TimeSpan Duration { get; }

    public IReadOnlyList<Call> Calls { get; }

    public IReadOnlyList<Incident> Incidents { get; }

    public IReadOnlyList<Violation> Violations { get; }

    public string LogFolder { get; }

    public IReadOnlyList<Stretch> Stretches { get; }

    /// <summary>Calls that took longer than 10 s though the process they were sent to was neither ended nor paused.</summary>
    public IReadOnlyList<Call> Late { get; }

    /// <summary>Calls without an HTTP answer though nothing befell the process they were sent to.</summary>
    public IReadOnlyList<Call> Unanswered { get; }

    public IReadOnlyList<Call> WithoutRetryAfter { get; }

    /// <summary>Answers that are neither a result nor a refusal nor a 503.</summary>
    public IReadOnlyList<Call> OtherFailures { get; }

    /// <summary>For each kill of a silo and each key that it made wait: from the kill to the first answer.</summary>
    public IReadOnlyList<TimeSpan> KilledUntilAnswers { get; }

    /// <summary>The same for a paused silo.</summary>
    public IReadOnlyList<TimeSpan> PausedUntilAnswers { get; }

    public Stretch? Longest(bool ofChanges) =>
        Stretches.Where(stretch => stretch.IsOfChanges == ofChanges).MaxBy(stretch => stretch.Length);

    /// <summary>How long until the membership table said that a silo is dead, by what befell it.</summary>
    public IEnumerable<(IncidentKind Kind, int Of, IReadOnlyList<TimeSpan> Times)> DeclaredDead => Incidents
        .Where(incident => incident.Kind is IncidentKind.PauseSilo or IncidentKind.KillSilo or IncidentKind.IsolateFromPeers
            or IncidentKind.IsolateFromPostgres or IncidentKind.IsolateFromBoth)
        .GroupBy(incident => incident.Kind)
        .OrderBy(group => group.Key)
        .Select(group => (group.Key, group.Count(), (IReadOnlyList<TimeSpan>)
            [.. group.Where(incident => incident.DeclaredDead is not null).Select(incident => incident.DeclaredDead!.Value - incident.Start).Order()]));

    private IEnumerable<TimeSpan> UntilAnswers(IncidentKind kind) => Stretches
        .Where(stretch => stretch.During is { } incident && incident.Kind == kind)
        .GroupBy(stretch => (stretch.Key, stretch.During!.Start))
        .Select(group => TimeSpan.FromTicks(group.Max(stretch => stretch.End.Ticks) - group.Key.Start.Ticks))
        .Order();
}
