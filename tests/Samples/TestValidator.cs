using System.Net;
using KeysCluster.Secrets;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Samples.Tests;

/// <summary>Returns a fixed verdict and records the presented secrets.</summary>
internal sealed class TestValidator(Verdict verdict) : IVirtualKeyValidator
{
    private static readonly DateTimeOffset BaseTime = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The deadline of a retiring secret.</summary>
    public static readonly DateTimeOffset RetiringDeadline = BaseTime.AddHours(24).AddMilliseconds(7);

    /// <summary>The key of all verdicts.</summary>
    public static readonly VirtualKey Key = new()
    {
        Id = VirtualKeyId.New(BaseTime),
        ProjectId = ProjectId.New(BaseTime),
        Name = "checkout",
        Environment = VirtualKeyEnvironment.Test,
        PrincipalUserId = "user_7",
        ProviderCredentialIds = [],
        Revision = 1,
        DisplayPrefix = "vk-lw-test_ABCDEF",
        CreatedAt = BaseTime,
        UpdatedAt = BaseTime,
        RetiringSecrets = [],
        SecretId = SecretId.New(BaseTime),
    };

    /// <summary>A secret of that key.</summary>
    public static readonly string Secret = VirtualKeySecret.Mint(Key.Id, Key.Environment).Reveal();

    /// <summary>The presented texts, in order.</summary>
    public List<string?> PresentedSecrets { get; } = [];

    /// <summary>Creates a verdict on that secret.</summary>
    public static Verdict CreateVerdict(VerdictCode code) => code switch
    {
        VerdictCode.NotFound => VirtualKeys.Verdict.NotFound,
        VerdictCode.Malformed => VirtualKeys.Verdict.Malformed,
        VerdictCode.Unavailable => VirtualKeys.Verdict.Unavailable,
        _ => new Verdict
        {
            Code = code,
            Key = Key,
            SecretId = Key.SecretId,
            ValidUntil = code is VerdictCode.Retiring or VerdictCode.ExpiredSecret ? RetiringDeadline : null,
        },
    };

    public ValueTask<Verdict> ValidateAsync(
        string? presented,
        ProjectId? project = null,
        IReadOnlyList<string>? permissions = null,
        IPAddress? address = null)
    {
        PresentedSecrets.Add(presented);
        return new(verdict);
    }
}
