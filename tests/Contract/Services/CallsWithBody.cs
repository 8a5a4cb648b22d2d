namespace KeysCluster.Contract.Tests.Services;

/// <summary>Calls that accept a JSON body, to test what is refused before an endpoint runs.</summary>
internal static class CallsWithBody
{
    /// <summary>Returns the calls: one without an id in its path, a verification, and changes of one key.</summary>
    public static (HttpMethod Method, string Path)[] Create(string keyId) =>
    [
        (HttpMethod.Post, Routes.VirtualKeys),
        (HttpMethod.Post, Routes.Verify),
        (HttpMethod.Patch, Routes.VirtualKey(keyId)),
        (HttpMethod.Post, Routes.Rotate(keyId)),
        (HttpMethod.Post, Routes.Revoke(keyId)),
    ];
}
