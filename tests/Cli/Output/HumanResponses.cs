using System.Text.Json;

namespace KeysCluster.Cli.Tests.Output;

/// <summary>Responses of the service with long and short texts, and each state that the output distinguishes.</summary>
internal static class HumanResponses
{
    private const string Keys = "/api/gateway/v1/virtual-keys";
    private const string Project = "project_01M8J3E5JZY5MVJ6FE1J607SWP";

    /// <summary>Returns the JSON for each path.</summary>
    /// <param name="name">The name of the first key, project, API key and actor.</param>
    public static Dictionary<string, string> Create(string name)
    {
        var active = CreateKey("1", name) with
        {
            Description = "For the checkout of the shop, in every country",
            PrincipalUserId = "user-1",
            ExternalId = "ext-1",
            Permissions = ["chat:write", "models:*"],
            AllowedIps = ["10.1.0.0/16"],
            Metadata = new Dictionary<string, string> { ["team"] = "payments" },
            ExpiresAt = At("2026-12-24T00:00:00Z"),
            LastUsedAt = At("2026-11-29T11:59:30Z"),
            SecretLastUsedAt = At("2026-11-29T11:59:30Z"),
            RetiringSecrets =
            [
                CreateRetiringSecret("A") with
                {
                    LastUsedAt = At("2026-11-29T11:58:00Z"), LastUsedFrom = "10.1.2.3",
                },
                CreateRetiringSecret("B") with { ValidUntil = At("2026-11-29T12:20:05Z") },
            ],
        };
        var disabled = CreateKey("2", "a key with a long name, for which there is little room in a small terminal") with
        {
            Status = VirtualKeyStatus.Disabled,
            Environment = VirtualKeyEnvironment.Test,
            DisabledAt = At("2026-11-28T00:00:00Z"),
            DisabledReason = "It was in a public repository",
        };
        var revoked = CreateKey("3", "old") with
        {
            Status = VirtualKeyStatus.Revoked,
            RevokedAt = At("2026-11-28T00:00:00Z"),
        };
        var expired = CreateKey("4", "trial") with { ExpiresAt = At("2026-11-01T00:00:00Z") };
        var verdict = new Verdict
        {
            Valid = true,
            Code = VerdictCode.Retiring,
            VirtualKeyId = active.Id,
            VirtualKey = active,
            SecretId = "secret_01M8J3E5JZY5MVJ6FE1J607SWA",
            ValidUntil = At("2026-11-30T11:00:00Z"),
        };
        var caller = new Client.Caller
        {
            Kind = "api_key",
            Name = name,
            ProjectId = Project,
            ApiKeyId = "apikey_01M8J3E5JZY5MVJ6FE1J607SW1",
            SecretId = "secret_01M8J3E5JZY5MVJ6FE1J607SWC",
            Permissions = ApiKeyPermissions.All,
            Retiring = true,
        };
        return new Dictionary<string, string>
        {
            [Keys] = List(active, disabled, revoked, expired),
            [$"{Keys}/{active.Id}"] = Serialize(new { virtual_key = active }),
            [$"{Keys}/{revoked.Id}"] = Serialize(new { virtual_key = revoked }),
            [Keys + "/verify"] = Serialize(verdict),
            ["/api/whoami"] = Serialize(caller),
            ["/api/gateway/v1/events"] = CreateEvents(name, active.Id),
            ["/api/projects"] = CreateProjects(name),
            [$"/api/projects/{Project}/api-keys"] = CreateApiKeys(name),
            ["/api/gateway/v1/webhooks"] = CreateWebhooks(),
            ["/api/gateway/v1/webhooks/webhook_01M8J3E5JZY5MVJ6FE1J607SWA/deliveries"] = CreateDeliveries(),
        };
    }

    /// <summary>Returns an empty list for each path of one.</summary>
    public static Dictionary<string, string> CreateEmpty() => new()
    {
        [Keys] = List<VirtualKey>(),
        ["/api/whoami"] = Create("x")["/api/whoami"],
        ["/api/gateway/v1/events"] = Serialize(new EventPage([], null, HasMore: false)),
        ["/api/projects"] = List<Project>(),
        [$"/api/projects/{Project}/api-keys"] = List<ApiKey>(),
        ["/api/gateway/v1/webhooks"] = List<Webhook>(),
    };

    private static VirtualKey CreateKey(string end, string name) => new()
    {
        Id = "vk_01M8J3E5JZY5MVJ6FE1J607SW" + end,
        ProjectId = Project,
        SecretId = "secret_01M8J3E5JZY5MVJ6FE1J607SW" + end,
        DisplayPrefix = "vk-lw-live_R1WCA8",
        Name = name,
        Environment = VirtualKeyEnvironment.Live,
        Status = VirtualKeyStatus.Active,
        Revision = "4",
        CreatedAt = At("2026-10-01T08:00:00Z"),
        UpdatedAt = At("2026-11-29T10:00:00Z"),
        Config = JsonElement.Parse("{}"),
    };

    private static RetiringSecret CreateRetiringSecret(string end) => new()
    {
        Id = "secret_01M8J3E5JZY5MVJ6FE1J607SW" + end,
        DisplayPrefix = "vk-lw-live_Q7ZD2M",
        ValidUntil = At("2026-11-30T11:00:00Z"),
    };

    private static string CreateEvents(string name, string id)
    {
        var rotated = new KeyEvent
        {
            Id = "4712",
            Type = "virtual_key.retiring_secrets_expired",
            ProjectId = Project,
            VirtualKeyId = id,
            Revision = "4",
            Actor = new EventActor { Kind = "api_key", Id = "secret_01M8J3E5JZY5MVJ6FE1J607SWC", Name = name },
            SourceAddress = "10.1.2.3",
            Changes = JsonElement.Parse("""{"retiring_secrets.0": {"old": {}, "new": null}, "revoked_at": {}}"""),
            At = At("2026-11-29T11:59:00Z"),
        };
        var created = rotated with
        {
            Id = "4711",
            Type = "virtual_key.created",
            Revision = "1",
            At = At("2026-10-01T08:00:00Z"),
        };
        var project = created with { Id = "4710", Type = "project.created", VirtualKeyId = null, Changes = null };
        return Serialize(new EventPage([rotated, created, project], null, HasMore: false));
    }

    private static string CreateProjects(string name)
    {
        var project = new Project
        {
            Id = Project,
            Name = name,
            Slug = "checkout-607swp",
            Status = ProjectStatus.Active,
            CreatedAt = At("2026-10-01T08:00:00Z"),
            UpdatedAt = At("2026-10-01T08:00:00Z"),
            MaxVirtualKeys = 10_000,
        };
        var disabled = project with
        {
            Id = "project_01M8J3E5JZY5MVJ6FE1J607SWQ",
            Name = "A project with a name of several words",
            Status = ProjectStatus.Disabled,
        };
        return List(project, disabled);
    }

    private static string CreateApiKeys(string name)
    {
        var all = new ApiKey
        {
            Id = "apikey_01M8J3E5JZY5MVJ6FE1J607SW1",
            Name = name,
            Permissions = ApiKeyPermissions.All,
            CreatedAt = At("2026-10-01T08:00:00Z"),
            SecretId = "secret_01M8J3E5JZY5MVJ6FE1J607SWC",
            DisplayPrefix = "sk-lw-R1WCA8",
            LastUsedAt = At("2026-11-29T11:59:00Z"),
        };
        var gateway = all with
        {
            Id = "apikey_01M8J3E5JZY5MVJ6FE1J607SW2",
            Name = "gateway",
            LastUsedAt = null,
            Permissions = [ApiKeyPermissions.VerifyVirtualKeys, ApiKeyPermissions.ViewVirtualKeys],
            ExpiresAt = At("2027-01-01T00:00:00Z"),
        };
        return List(all, gateway);
    }

    private static string CreateWebhooks()
    {
        var webhook = new Webhook
        {
            Id = "webhook_01M8J3E5JZY5MVJ6FE1J607SWA",
            Url = "https://shop.example.com/hooks/keys?tenant=europe",
            Status = WebhookStatus.Enabled,
            CreatedAt = At("2026-10-01T08:00:00Z"),
            SecretId = "secret_01M8J3E5JZY5MVJ6FE1J607SWD",
        };
        var failing = webhook with
        {
            Id = "webhook_01M8J3E5JZY5MVJ6FE1J607SWB",
            Url = "https://example.com/",
            Status = WebhookStatus.Disabled,
            DisabledReason = "failing",
            EventTypes = ["virtual_key.revoked", "virtual_key.rotated"],
        };
        return List(webhook, failing);
    }

    private static string CreateDeliveries()
    {
        var delivered = new WebhookDelivery
        {
            Id = "msg_01M8J3E5JZY5MVJ6FE1J607SWA",
            WebhookId = "webhook_01M8J3E5JZY5MVJ6FE1J607SWA",
            Type = "virtual_key.revoked",
            Payload = JsonElement.Parse("{}"),
            Status = WebhookDeliveryStatus.Delivered,
            CreatedAt = At("2026-11-29T11:00:00Z"),
            AttemptCount = 1,
            Attempts = [new WebhookAttempt { At = At("2026-11-29T11:00:01Z"), DurationMs = 12, StatusCode = 204 }],
        };
        var pending = delivered with
        {
            Id = "msg_01M8J3E5JZY5MVJ6FE1J607SWB",
            Type = "virtual_key.secret_expiring_in_use",
            Status = WebhookDeliveryStatus.Pending,
            AttemptCount = 3,
            NextAttemptAt = At("2026-11-29T12:08:00Z"),
            Attempts = [new WebhookAttempt { At = At("2026-11-29T11:58:00Z"), DurationMs = 5000, Error = "timeout" }],
        };
        return Serialize(new Page<WebhookDelivery>([delivered, pending], null));
    }

    private static string List<T>(params T[] entries) => Serialize(new Page<T>(entries, null));

    private static string Serialize(object value) => JsonSerializer.Serialize(value, KeysJson.Options);

    private static DateTimeOffset At(string time) =>
        DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
}
