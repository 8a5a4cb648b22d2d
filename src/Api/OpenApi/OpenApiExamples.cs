using System.Text.Json;
using System.Text.Json.Nodes;
using KeysCluster.Api.Events;
using KeysCluster.Api.Projects;
using KeysCluster.Api.Secrets;
using KeysCluster.Api.VirtualKeys;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.OpenApi;

/// <summary>The examples in the OpenAPI document, by the type of the body.</summary>
internal static class OpenApiExamples
{
    public const string IdempotencyKey = "3f0b7f7e-5d0e-4a53-9b7e-0f6f1c9f6a55";

    private const string Secret =
        "vk-lw-live_YPTS6HWASK894RYAXYHFY25KC0VMWHND01M82S65CJTF00F913T7P7WQGJMH7PQVG";

    private const string ApiKey = "sk-lw-R1WCA88FAYN4P6FCT12MKDHANHJH4KXJ01M82S64DM5F1C1HSDZWSC0PBM23KZ18G";

    private static readonly DateTimeOffset Created = new(2026, 11, 22, 23, 24, 15, 148, TimeSpan.Zero);

    private static readonly DateTimeOffset Rotated = Created.AddMinutes(5);

    private static readonly RetiringSecretResource RetiringSecret = new()
    {
        Id = "secret_01M82VFZ97R57HCYFZ51S0H63N",
        DisplayPrefix = "vk-lw-live_6HPVMN",
        ValidUntil = Rotated.AddHours(24),
        LastUsedAt = Created.AddMinutes(1),
        LastUsedFrom = "203.0.113.7",
    };

    private static readonly VirtualKeyResource VirtualKey = new()
    {
        Id = "vk_01M82S65CJTF00F913T7P7WQGJ",
        ProjectId = "project_01M82S64DM5F1C1HSDZWSC0PBM",
        SecretId = "secret_01M82VFZJRT2QQ6TCFKPW8ATMT",
        DisplayPrefix = "vk-lw-live_YPTS6H",
        Name = "checkout",
        Description = "Production checkout service",
        Environment = VirtualKeyEnvironment.Live,
        Status = VirtualKeyStatus.Active,
        PrincipalUserId = null,
        ProviderCredentialIds = ["pc_openai"],
        Revision = "2",
        LastUsedAt = Created.AddMinutes(1),
        SecretLastUsedAt = null,
        CreatedAt = Created,
        UpdatedAt = Rotated,
        ExpiresAt = null,
        DisabledAt = null,
        DisabledReason = null,
        RevokedAt = null,
        Permissions = ["chat:write", "models:*"],
        ExternalId = "app-7",
        Metadata = new Dictionary<string, string> { ["team"] = "checkout" },
        Config = JsonElement.Parse("""{"rate_limits":{"rpm":600}}"""),
        AllowedIps = ["10.1.0.0/16"],
        OrganizationId = "project_01M82S64DM5F1C1HSDZWSC0PBM",
        Scopes = [new("project", "project_01M82S64DM5F1C1HSDZWSC0PBM")],
        RetiringSecrets = [RetiringSecret],
    };

    private static readonly Project Project = new()
    {
        Id = ProjectId.Parse("project_01M82S64DM5F1C1HSDZWSC0PBM"),
        Name = "storefront",
        Slug = "storefront-sc0pbm",
        CreatedAt = Created,
        UpdatedAt = Created,
        ApiKeyId = SecretId.Parse("secret_01M82VFRSVR6ZAXRHE86PQ82TV"),
        ApiKeyDisplayPrefix = "sk-lw-R1WCA8",
        RetiringApiKeys = [],
    };

    private static readonly ApiKeyResource VerifyKey = new()
    {
        Id = "apikey_01M82T3RC2Q2R1ZVQ0F2VZ4X9J",
        Name = "gateway",
        Permissions = [ApiKeyPermissions.VerifyVirtualKeys],
        ExpiresAt = null,
        CreatedAt = Created,
        LastUsedAt = null,
        SecretId = "secret_01M82VFRSVR6ZAXRHE86PQ82TV",
        DisplayPrefix = "sk-lw-R1WCA8",
        RetiringSecrets = [],
    };

    private static readonly EventResource Event = new()
    {
        Id = "4711",
        Type = "virtual_key.rotated",
        ProjectId = "project_01M82S64DM5F1C1HSDZWSC0PBM",
        VirtualKeyId = "vk_01M82S65CJTF00F913T7P7WQGJ",
        Revision = "2",
        SecretId = "secret_01M82VFZJRT2QQ6TCFKPW8ATMT",
        Actor = new EventActor("api_key", "secret_01M82VFRSVR6ZAXRHE86PQ82TV", "sk-lw-R1WCA8"),
        RequestId = "019aadf1b2f17c4b8f1d3c5e7a9b0d2e",
        SourceAddress = "10.1.2.3",
        Changes = JsonElement.Parse("""
            {
              "current_secret": {
                "old": "secret_01M82VFZ97R57HCYFZ51S0H63N",
                "new": "secret_01M82VFZJRT2QQ6TCFKPW8ATMT"
              }
            }
            """),
        At = "2026-11-22T23:29:15.148Z",
    };

    private static readonly Dictionary<Type, object> ByType = new()
    {
        [typeof(CreateVirtualKey.Request)] = new JsonObject
        {
            ["name"] = "checkout",
            ["environment"] = "live",
            ["permissions"] = new JsonArray("chat:write", "models:*"),
        },
        [typeof(UpdateVirtualKey.Request)] = new JsonObject { ["description"] = "Production checkout service" },
        [typeof(DisableVirtualKey.Request)] = new JsonObject { ["reason"] = "seen in a public repository" },
        [typeof(RotateRequest)] = new RotateRequest(),
        [typeof(ChangeDeadlineRequest)] = new ChangeDeadlineRequest { ValidUntil = Rotated.AddHours(48) },
        [typeof(VerifySecret.Request)] = new JsonObject
        {
            ["secret"] = Secret,
            ["permissions"] = new JsonArray("chat:write"),
            ["ip_address"] = "10.1.2.3",
        },
        [typeof(VirtualKeyResponse)] = new VirtualKeyResponse(VirtualKey),
        [typeof(VirtualKeyWithSecretResponse)] = new VirtualKeyWithSecretResponse(VirtualKey, Secret),
        [typeof(ListVirtualKeys.Response)] = new ListVirtualKeys.Response([VirtualKey], NextCursor: null),
        [typeof(VerifySecret.Response)] = new VerifySecret.Response(
            true,
            VerdictCode.Retiring,
            VirtualKey.Id,
            VirtualKey.ExternalId,
            VirtualKey.PrincipalUserId,
            VirtualKey,
            RetiringSecret.Id,
            RetiringSecret.ValidUntil,
            []),
        [typeof(CreateProject.Request)] = new JsonObject { ["name"] = "storefront" },
        [typeof(UpdateProject.Request)] = new JsonObject { ["name"] = "storefront", ["max_virtual_keys"] = 20_000 },
        [typeof(DisableProject.Request)] = new JsonObject { ["reason"] = "unpaid" },
        [typeof(ProjectResponse)] = ProjectResponse.From(Project),
        [typeof(ProjectWithApiKeyResponse)] = ProjectWithApiKeyResponse.From(Project, ApiKey),
        [typeof(ListProjects.Response)] = new ListProjects.Response(
            [ProjectResource.From(Project)], new(Page: 1, Limit: 50, Total: 1, TotalPages: 1), NextCursor: null),
        [typeof(CreateApiKey.Request)] = new JsonObject
        {
            ["name"] = "gateway",
            ["permissions"] = new JsonArray(ApiKeyPermissions.VerifyVirtualKeys),
        },
        [typeof(UpdateApiKey.Request)] = new JsonObject { ["name"] = "gateway, Frankfurt" },
        [typeof(ApiKeyResponse)] = new ApiKeyResponse(VerifyKey),
        [typeof(ApiKeyWithSecretResponse)] = new ApiKeyWithSecretResponse(VerifyKey, ApiKey),
        [typeof(ListApiKeys.Response)] = new ListApiKeys.Response([VerifyKey]),
        [typeof(GetCaller.Response)] = new GetCaller.Response(
            "api_key",
            VerifyKey.DisplayPrefix,
            "project_01M82S64DM5F1C1HSDZWSC0PBM",
            VerifyKey.Id,
            VerifyKey.SecretId,
            VerifyKey.Permissions,
            Retiring: false),
        [typeof(EventList.Response)] = new EventList.Response(
            [Event], NextCursor: "k3Zb1w8rVQxmMGUyYTk0ZDJj", HasMore: false),
    };

    /// <summary>Returns the example of a body; null if it has none.</summary>
    public static object? For(Type body) => ByType.GetValueOrDefault(body) switch
    {
        // A JsonNode can have only one parent.
        JsonNode node => node.DeepClone(),
        var example => example,
    };
}
