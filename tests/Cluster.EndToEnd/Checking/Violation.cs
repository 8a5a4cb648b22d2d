using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>A violation of a guarantee.</summary>
/// <param name="Rule">The rule that found it; see <see cref="RuleNames"/>.</param>
/// <param name="Message">The explanation for a person.</param>
/// <param name="Call">The call whose response violates the guarantee.</param>
/// <param name="Contradicts">The earlier call that the response contradicts, if there is one.</param>
internal sealed record Violation(string Rule, string Message, RecordedCall Call, RecordedCall? Contradicts = null)
{
    public override string ToString() =>
        $"{Rule}: {Message}\n    {Call}" + (Contradicts is null ? "" : $"\n    after {Contradicts}");
}
