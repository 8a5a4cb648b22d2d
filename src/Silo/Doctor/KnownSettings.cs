using Quickenshtein;

namespace KeysCluster.Silo.Doctor;

/// <summary>The settings of this service, as <c>docs/configuration.md</c> lists them.</summary>
internal static class KnownSettings
{
    private const string AnyName = "{name}";

    /// <summary>Sections in which no other library reads settings.</summary>
    public static readonly IReadOnlyList<string> Sections =
        ["Api", "Cluster", "Console", "Events", "Hosting", "Keys", "Webhooks"];

    public static readonly IReadOnlyList<string> All =
    [
        "Api:AllowPlaintext", "Api:Documents", "Api:FailedAuthenticationsPerMinute",
        "Api:InvalidVerificationsPerSecond", "Api:MaxConcurrentRequestsPerAddress", "Api:MaxConnections",
        "Api:MaxConnectionsPerAddress", "Api:RequestsPerSecond", "Api:Tls:Certificate", "Api:Tls:Key",
        "Api:VerificationsPerSecond", "Cluster:AdvertisedAddress", "Cluster:AllowPlaintext", "Cluster:ClusterId",
        "Cluster:GatewayPort", "Cluster:LeaseDuration", "Cluster:MaxClockOffset", "Cluster:ServiceId",
        "Cluster:SiloPort", "Cluster:Tls:Certificate", "Cluster:Tls:CertificateAuthority", "Cluster:Tls:Key",
        "Console:Enabled", "Console:OpenIdConnect:Authority", "Console:OpenIdConnect:ClientId",
        "Console:OpenIdConnect:ClientSecret", "Console:OpenIdConnect:DisplayName", "Console:OpenIdConnect:NameClaim",
        "Console:OpenIdConnect:RoleClaim", "Console:OpenIdConnect:Roles:{name}:Admin",
        "Console:OpenIdConnect:Roles:{name}:Permissions", "Console:OpenIdConnect:Roles:{name}:ProjectId",
        "Console:OpenIdConnect:Roles:{name}:Value", "Console:OpenIdConnect:Scopes",
        "Console:OpenIdConnect:SessionMinutes",
        "Events:KeepFor", "Hosting:Dashboard", "Hosting:DrainDelay", "Hosting:ManagementUrl",
        "Hosting:SecretsDirectory", "Hosting:TraceSampleRatio", "Keys:AdminKey", "Keys:AdminKeys:{name}",
        "Keys:AdminKeys:{name}:NotAfter", "Keys:AllowInsecureDatabase", "Keys:CacheBytes", "Keys:CurrentPepper",
        "Keys:DataDirectory", "Keys:ImportKeys:{name}", "Keys:Pepper", "Keys:Peppers:{name}", "Keys:RequireStateMac",
        "Webhooks:AllowPrivateAddresses", "Webhooks:KeepDeliveriesFor",
    ];

    /// <summary>Returns whether a setting exists.</summary>
    public static bool Contains(string key) => All.Any(setting => Matches(setting.Split(':'), key.Split(':')));

    /// <summary>Returns the setting whose name is the most similar one.</summary>
    public static string FindNearest(string key) => All.MinBy(setting =>
        Levenshtein.GetDistance(setting.ToUpperInvariant(), key.ToUpperInvariant()))!;

    private static bool Matches(string[] setting, string[] key) =>
        setting.Length == key.Length
        && setting.Zip(key).All(parts =>
            parts.First == AnyName || parts.First.Equals(parts.Second, StringComparison.OrdinalIgnoreCase));
}
