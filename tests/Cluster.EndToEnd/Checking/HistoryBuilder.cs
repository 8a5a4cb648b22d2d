using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>
/// Builds the history of one key. All times are in seconds. The key is created from second 0 to second 1, with the
/// secret <c>a</c>.
/// </summary>
internal sealed class HistoryBuilder
{
    private static readonly DateTimeOffset StartTime = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<RecordedCall> _calls = [];

    public HistoryBuilder() => Add(CallKind.Create, 0, 1, 201, view: View("a"));

    public IReadOnlyList<string> ViolatedRules =>
        [.. Checker.Check(_calls).Select(violation => violation.Rule).Distinct()];

    public static KeyView View(string secret, params (string Secret, double Until)[] retiring) =>
        new(0, secret, false, false, retiring.ToDictionary(entry => entry.Secret, entry => TimeAt(entry.Until)));

    public HistoryBuilder Rotate(double start, double end, double grace, KeyView view, string? operation = null) =>
        Add(CallKind.Rotate, start, end, 200, grace: grace, view: view, operation: operation);

    public HistoryBuilder RotateWithUnknownOutcome(double start, double end, double grace, string? operation = null) =>
        Add(CallKind.Rotate, start, end, 503, grace: grace, operation: operation);

    public HistoryBuilder Validate(string secret, double start, double end, string code, double? until = null) =>
        Add(CallKind.Validate, start, end, 200, secret, code, until: until);

    public HistoryBuilder Change(
        CallKind kind, double start, double end, int? status = 200, string? secret = null, string? code = null) =>
        Add(kind, start, end, status, secret, code);

    public HistoryBuilder Read(double start, KeyView view) =>
        Add(CallKind.Read, start, start + 1, 200, view: view, operation: Checker.FinalReadOperation);

    private HistoryBuilder Add(
        CallKind kind,
        double start,
        double end,
        int? status,
        string? secret = null,
        string? code = null,
        double grace = 0,
        KeyView? view = null,
        string? operation = null,
        double? until = null)
    {
        _calls.Add(new RecordedCall
        {
            Kind = kind,
            Target = "silo-1",
            Key = "vk",
            Secret = secret,
            Operation = operation,
            Grace = TimeSpan.FromSeconds(grace),
            Start = MomentAt(start),
            End = MomentAt(end),
            Status = status,
            Code = code,
            View = view,
            ValidUntil = until is { } second ? TimeAt(second) : null,
        });
        return this;
    }

    private static Moment MomentAt(double second) => new((long)(second * TimeSpan.TicksPerSecond), TimeAt(second));

    private static DateTimeOffset TimeAt(double second) => StartTime.AddSeconds(second);
}
