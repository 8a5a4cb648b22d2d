using System.Collections.Concurrent;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VerificationCounts;

/// <summary>
/// Counts the verifications of this process by project and verdict. A verification costs a lookup and an increment.
/// Thread-safe.
/// </summary>
internal sealed class VerificationCounter
{
    /// <summary>Further projects are not counted until others have no verifications. About 3 KB each at most.</summary>
    public const int MaxProjects = 10_000;

    private readonly ConcurrentDictionary<ProjectId, ProjectVerifications> _projects = new();

    // The dictionary takes all of its locks to count.
    private int _projectCount;

    public IEnumerable<KeyValuePair<ProjectId, ProjectVerifications>> Projects => _projects;

    public void Record(ProjectId project, VerdictCode code)
    {
        if (_projects.TryGetValue(project, out var counts) || TryAdd(project, out counts)) counts.Increment(code);
    }

    public bool IsFull => Volatile.Read(ref _projectCount) >= MaxProjects;

    /// <summary>
    /// Makes room, by a project that had no verifications lately. One that is counted at this very moment can be lost.
    /// </summary>
    public void Remove(ProjectId project)
    {
        if (_projects.TryRemove(project, out _)) Interlocked.Decrement(ref _projectCount);
    }

    private bool TryAdd(ProjectId project, out ProjectVerifications counts)
    {
        counts = new ProjectVerifications();
        if (IsFull) return false;
        if (_projects.TryAdd(project, counts)) Interlocked.Increment(ref _projectCount);
        else return _projects.TryGetValue(project, out counts!);
        return true;
    }
}
