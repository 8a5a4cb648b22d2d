using System.Text.Json.Serialization;

namespace KeysCluster.Client;

/// <summary>The result of a validation.</summary>
[JsonConverter(typeof(KnownValueConverter<VerdictCode>))]
public enum VerdictCode
{
    /// <summary>A value that this version of the client does not know.</summary>
    Unknown,

    /// <summary>The current secret of its key.</summary>
    Active,

    /// <summary>A replaced secret before its deadline.</summary>
    Retiring,

    /// <summary>The key is revoked.</summary>
    Revoked,

    /// <summary>A replaced secret after its deadline.</summary>
    ExpiredSecret,

    /// <summary>No key of the project has the secret.</summary>
    NotFound,

    /// <summary>The text cannot be a secret.</summary>
    Malformed,

    /// <summary>The key is disabled.</summary>
    Disabled,

    /// <summary>The key is past its expiry.</summary>
    Expired,

    /// <summary>The service could not validate the secret. Refuse the request with 503, not with 401.</summary>
    Unavailable,

    /// <summary>The secret is valid, but the key lacks permissions.</summary>
    InsufficientPermissions,

    /// <summary>The secret is valid, but the key may not be used from this address, or none was given.</summary>
    IpNotAllowed,

    /// <summary>The secret is valid, but its project is disabled or archived.</summary>
    ProjectDisabled,
}
