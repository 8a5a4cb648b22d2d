using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.Projects;

internal static class ProjectApiKeyExtensions
{
    /// <summary>Creates an API key as the administrator.</summary>
    public static async Task<(string Id, string Secret, KeysClient Client)> CreateApiKeyAsync(
        this TestService service, string project, string[] permissions, string? expiresAt = null)
    {
        using var admin = service.CreateAdminClient();
        var response = await admin.SendCreateApiKeyAsync(project, permissions, expiresAt);
        response.EnsureStatus(HttpStatusCode.Created);
        return (Text(response.ApiKey, "id"), response.Secret, service.Process.CreateClient(response.Secret));
    }

    public static Task<ApiResponse> SendCreateApiKeyAsync(
        this KeysClient client, string project, string[] permissions, string? expiresAt = null) => client.SendAsync(
        HttpMethod.Post, Routes.ApiKeys(project), new { name = "an API key", permissions, expires_at = expiresAt });
}
