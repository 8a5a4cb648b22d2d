using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>A promise that was broken.</summary>
/// <param name="Rule">Which rule found it.</param>
/// <param name="Message">What is wrong, for a person.</param>
/// <param name="Call">The call whose answer broke it.</param>
/// <param name="Contradicts">The earlier call that its answer contradicts, where there is one.</param>
internal sealed record Violation(string Rule, string Message, RecordedCall Call, RecordedCall? Contradicts = null)
{
    public override string ToString() => $"{Rule}: {Message}\n    {Call}" + (Contradicts is null ? "" : $"\n    after {Contradicts}");
}
