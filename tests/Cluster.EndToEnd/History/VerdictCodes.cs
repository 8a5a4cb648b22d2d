namespace KeysCluster.Cluster.EndToEnd.History;

/// <summary>The codes of verdicts. The checker spells them out, because they are part of the contract.</summary>
internal static class VerdictCodes
{
    public const string Active = "active";

    public const string Retiring = "retiring";

    public const string Disabled = "disabled";

    public const string Expired = "expired";

    public const string ExpiredSecret = "expired_secret";

    public const string NotFound = "not_found";

    public const string Revoked = "revoked";

    public const string InsufficientPermissions = "insufficient_permissions";

    public const string ProjectDisabled = "project_disabled";

    public static bool IsAccepting(string? code) => code is Active or Retiring;
}
