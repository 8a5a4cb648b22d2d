using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Reporting;

public sealed class FaultAvailabilityTests
{
    private static readonly Moment Start = new(0, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>Later ones may be those of a pause that lasts longer.</summary>
    [Fact]
    public void Validations_that_get_503_within_two_seconds_after_the_start_of_a_fault_are_counted()
    {
        var pause = new Incident(IncidentKind.PauseSilo, "silo-1", At(10)) { HealedAt = At(15), ReadyAt = At(16) };
        RecordedCall[] calls =
        [
            Validate("silo-2", 8, 200),
            Validate("silo-2", 9, 503),
            Validate("silo-2", 10.5, 503),
            Validate("silo-2", 11, 200),
            Validate("silo-2", 11.5, 503),
            Validate("silo-2", 12.5, 503),

            // The target itself, and a process that has not cached the secret.
            Validate("silo-1", 8, 200),
            Validate("silo-1", 11, 503),
            Validate("silo-3", 11, 503),
        ];

        var availability = Assert.Single(FaultAvailability.FindAll(calls, [pause]));

        Assert.Equal(
            (4, 1, 2), (availability.Validations, availability.Answered, availability.UnavailableAtStart));
    }

    private static RecordedCall Validate(string target, double start, int status) => new()
    {
        Kind = CallKind.Validate,
        Target = target,
        Key = "vk",
        Secret = "a",
        RequestId = "call",
        Start = At(start),
        End = At(start + 0.1),
        Status = status,
        Code = status == 200 ? "active" : "validation_unavailable",
    };

    private static Moment At(double seconds) => Start + TimeSpan.FromSeconds(seconds);
}
