using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Authentication;

/// <summary>Asserts whether credentials authenticate as a project.</summary>
internal static class ApiKeyAssert
{
    public static Task IsAcceptedAsync(TestService service, string apiKey) =>
        IsAcceptedAsync(service, ("Authorization", $"Bearer {apiKey}"));

    public static async Task IsAcceptedAsync(TestService service, params (string Name, string Value)[] headers)
    {
        using var client = service.CreateAnonymousClient();
        var response = await client.GetWithHeadersAsync(Routes.VirtualKeys, headers);
        response.EnsureStatus(HttpStatusCode.OK);
    }

    public static Task IsRefusedAsync(TestService service, string apiKey) =>
        IsRefusedAsync(service, ("Authorization", $"Bearer {apiKey}"));

    public static async Task IsRefusedAsync(TestService service, params (string Name, string Value)[] headers)
    {
        using var client = service.CreateAnonymousClient();
        var response = await client.GetWithHeadersAsync(Routes.VirtualKeys, headers);
        ErrorAssert.IsError(response, 401, "unauthorized");
        Assert.StartsWith("Bearer", response.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Equal("no-store", response.Headers["Cache-Control"]);
    }
}
