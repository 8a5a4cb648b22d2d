using KeysCluster.Benchmarks.Floods;
using KeysCluster.Benchmarks.Scale;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The results of all parts. A part that was not measured is null.</summary>
internal sealed record BenchmarkReport
{
    public required Machine Machine { get; init; }

    /// <summary>The duration of each part, including its preparation, by the name of the part.</summary>
    public IReadOnlyDictionary<string, double> Seconds { get; init; } = new Dictionary<string, double>();

    /// <summary>The parts that were measured in a later run than the others.</summary>
    public IReadOnlyList<string> MeasuredApart { get; init; } = [];

    /// <summary>Validations without a grain call.</summary>
    public IReadOnlyList<CallFigures>? Validation { get; init; }

    /// <summary>Grain calls in the process of the silo.</summary>
    public IReadOnlyList<CallFigures>? GrainCalls { get; init; }

    /// <summary>Grain calls from another process.</summary>
    public IReadOnlyList<CallFigures>? ClientCalls { get; init; }

    public ComparedLoads? Peers { get; init; }

    public RotationFigures? Rotation { get; init; }

    public ComparedLoads? Verify { get; init; }

    public RevokeFigures? Revoke { get; init; }

    public ReminderFigures? Reminders { get; init; }

    public ScaleFigures? Scale { get; init; }

    /// <summary>Calls over HTTP during floods.</summary>
    public IReadOnlyList<RestFloodFigures>? Floods { get; init; }

    public WebhookFigures? Webhooks { get; init; }

    /// <summary>Validations by silos that export telemetry, and by silos that do not.</summary>
    public IReadOnlyList<CallFigures>? Observed { get; init; }
}
