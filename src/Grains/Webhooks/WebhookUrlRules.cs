using System.Net;
using Microsoft.Extensions.Options;

namespace KeysCluster.Grains.Webhooks;

/// <summary>
/// Which URLs webhooks may have. The addresses of a host name are checked when a connection is made, because they may
/// change.
/// </summary>
internal sealed class WebhookUrlRules(IOptions<WebhookOptions> options)
{
    private readonly bool _allowsPrivate = options.Value.AllowPrivateAddresses;

    /// <summary>Returns whether a webhook may have a URL.</summary>
    public bool IsAllowed(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri)) return false;
        if (uri.UserInfo.Length > 0 || uri.Fragment.Length > 0 || uri.Host.Length == 0) return false;
        if (_allowsPrivate) return uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp;
        if (uri.Scheme != Uri.UriSchemeHttps || uri.Port != 443) return false;

        // Uri has brought unusual forms of IPv4 addresses, such as octal ones, into the usual one.
        return uri.HostNameType switch
        {
            UriHostNameType.Dns => !uri.IsLoopback && uri.IdnHost.Contains('.', StringComparison.Ordinal),
            UriHostNameType.IPv4 or UriHostNameType.IPv6 =>
                PublicAddress.IsPublic(IPAddress.Parse(uri.DnsSafeHost)),
            _ => false,
        };
    }

    /// <summary>Returns whether a connection may be made to an address.</summary>
    public bool IsAllowed(IPAddress address) => _allowsPrivate || PublicAddress.IsPublic(address);
}
