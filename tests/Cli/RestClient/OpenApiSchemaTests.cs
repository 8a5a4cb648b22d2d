using System.Reflection;
using System.Text.Json;

namespace KeysCluster.Cli.Tests.RestClient;

/// <summary>The types of the client have the members of the API. A new member of the API fails a test here.</summary>
public sealed class OpenApiSchemaTests
{
    private static readonly JsonElement Schemas = JsonElement
        .Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", "openapi", "v1.json")))
        .GetProperty("components").GetProperty("schemas");

    private static readonly Dictionary<string, Type> Types = new()
    {
        ["ApiKeyResource"] = typeof(ApiKey),
        ["ApiKeyWithSecretResponse"] = typeof(IssuedApiKey),
        ["AttemptResource"] = typeof(WebhookAttempt),
        ["ChangeDeadlineRequest"] = typeof(DeadlineBody),
        ["CreateApiKeyRequest"] = typeof(CreateApiKey),
        ["CreateVirtualKeyRequest"] = typeof(CreateVirtualKey),
        ["CreateWebhookRequest"] = typeof(CreateWebhook),
        ["DeliveryResource"] = typeof(WebhookDelivery),
        ["DisableProjectRequest"] = typeof(ReasonBody),
        ["DisableVirtualKeyRequest"] = typeof(ReasonBody),
        ["EventActor"] = typeof(EventActor),
        ["EventListResponse"] = typeof(EventPage),
        ["EventResource"] = typeof(KeyEvent),
        ["GetCallerResponse"] = typeof(KeysCluster.Client.Caller),
        ["GetVerificationsResponse"] = typeof(Verifications),
        ["ImportedKeyRequest"] = typeof(ImportVirtualKey),
        ["ImportResult"] = typeof(ImportResult),
        ["ListDeliveriesResponse"] = typeof(Page<WebhookDelivery>),
        ["ListProjectsResponse"] = typeof(Page<Project>),
        ["ListVirtualKeysResponse"] = typeof(Page<VirtualKey>),
        ["ProjectResource"] = typeof(Project),
        ["ProjectWithApiKeyResponse"] = typeof(IssuedProject),
        ["RetiringSecretResource"] = typeof(RetiringSecret),
        ["RotateRequest"] = typeof(GracePeriodBody),
        ["UpdateApiKeyRequest"] = typeof(UpdateApiKey),
        ["UpdateProjectRequest"] = typeof(UpdateProject),
        ["UpdateVirtualKeyRequest"] = typeof(UpdateVirtualKey),
        ["UpdateWebhookRequest"] = typeof(UpdateWebhook),
        ["VerificationBucketResource"] = typeof(VerificationBucket),
        ["VerificationCountResource"] = typeof(VerificationCount),
        ["VerifySecretRequest"] = typeof(VerifySecret),
        ["VerifySecretResponse"] = typeof(Verdict),
        ["VirtualKeyResource"] = typeof(VirtualKey),
        ["VirtualKeyWithSecretResponse"] = typeof(IssuedVirtualKey),
        ["WebhookResource"] = typeof(Webhook),
        ["WebhookWithSecretResponse"] = typeof(IssuedWebhook),
    };

    private static readonly Dictionary<string, Type> Enums = new()
    {
        ["ImportStatus"] = typeof(ImportStatus),
        ["ProjectStatus"] = typeof(ProjectStatus),
        ["VerdictCode"] = typeof(VerdictCode),
        ["VirtualKeyEnvironment"] = typeof(VirtualKeyEnvironment),
        ["VirtualKeyStatus"] = typeof(VirtualKeyStatus),
        ["WebhookDeliveryStatus"] = typeof(WebhookDeliveryStatus),
        ["WebhookStatus"] = typeof(WebhookStatus),
    };

    /// <summary>Schemas without a type of their own, and why.</summary>
    private static readonly Dictionary<string, string> ExemptSchemas = new()
    {
        ["ApiKeyResponse"] = "one member, which the method returns",
        ["CreateProjectRequest"] = "its members but the name are LangWatch's",
        ["DeliveryResponse"] = "one member, which the method returns",
        ["ErrorResponse"] = "KeysApiException",
        ["HashEncoding"] = "in requests only; ImportTests send each value",
        ["ImportedHashAlgorithm"] = "in requests only; ImportTests send each value",
        ["ImportVirtualKeysRequest"] = "one member, which the method takes",
        ["ImportVirtualKeysResponse"] = "one member, which the method returns",
        ["JsonElement"] = "any JSON",
        ["ListApiKeysResponse"] = "one member, which the method returns",
        ["ListProjectsPagination"] = "LangWatch's",
        ["ListWebhooksResponse"] = "one member, which the method returns",
        ["ProjectResponse"] = "one member, which the method returns, and LangWatch's",
        ["RedeliverSinceRequest"] = "one member, which the method takes",
        ["RedeliverSinceResponse"] = "one member, which the method returns",
        ["RetiringApiKeysResponse"] = "LangWatch's",
        ["RotatedApiKeyResponse"] = "LangWatch's",
        ["VirtualKeyResourceScope"] = "LangWatch's",
        ["VirtualKeyResponse"] = "one member, which the method returns",
        ["WebhookDisabledReason"] = "a text, to which values may be added",
        ["WebhookResponse"] = "one member, which the method returns",
    };

    /// <summary>Members that LangWatch's clients send or read, and this service repeats elsewhere or ignores.</summary>
    private static readonly Dictionary<string, string[]> ExemptMembers = new()
    {
        ["CreateVirtualKeyRequest"] =
        [
            "scopes", "purpose", "organization_id", "trace_project_id", "routing_policy_id", "routing_mode", "budget",
        ],
        ["UpdateVirtualKeyRequest"] =
        [
            "scopes", "purpose", "organization_id", "trace_project_id", "routing_policy_id", "routing_mode", "budget",
        ],
        ["VirtualKeyResource"] =
        [
            "organization_id", "scopes", "purpose", "trace_project_id", "trace_project_archived", "routing_policy_id",
            "routing_mode", "prefix", "last_four", "fallback_chain_length",
        ],
        ["ProjectResource"] =
        [
            "language", "framework", "teamId", "piiRedactionLevel", "createdAt", "updatedAt", "archivedAt",

            // Those of the API key, which ApiKeysClient has.
            "api_key_id", "api_key_display_prefix", "api_key_last_used_at", "retiring_api_keys",
        ],
        ["ProjectWithApiKeyResponse"] =
        [
            "serviceApiKey", "serviceApiKeyId", "id", "name", "slug", "language", "framework", "teamId",
            "piiRedactionLevel", "createdAt", "updatedAt", "archivedAt",
        ],
        ["UpdateProjectRequest"] = ["language", "framework", "teamId", "newTeamName", "piiRedactionLevel"],
        ["ListProjectsResponse"] = ["pagination"],

        // The same as whether there is a next cursor.
        ["ListDeliveriesResponse"] = ["has_more"],

        // In the lines of an export only.
        ["EventResource"] = ["cursor"],
    };

    public static TheoryData<string> SchemasWithType => [.. Types.Keys];

    public static TheoryData<string> SchemasWithEnum => [.. Enums.Keys];

    [Fact]
    public void Every_schema_has_a_type_or_a_reason_to_have_none() => Assert.Equal(
        Schemas.EnumerateObject().Select(schema => schema.Name).Order(StringComparer.Ordinal),
        Types.Keys.Concat(Enums.Keys).Concat(ExemptSchemas.Keys).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(SchemasWithType))]
    public void A_type_has_every_member_of_its_schema(string schema)
    {
        var documented = Schemas.GetProperty(schema).GetProperty("properties").EnumerateObject()
            .Select(member => member.Name)
            .Except(ExemptMembers.GetValueOrDefault(schema, []));
        var members = Types[schema].GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name))
            .Except(["is_replay"]);

        Assert.Equal(documented.Order(StringComparer.Ordinal), members.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(SchemasWithEnum))]
    public void A_type_has_every_value_of_its_schema(string schema)
    {
        var documented = Schemas.GetProperty(schema).GetProperty("enum").EnumerateArray()
            .Select(value => value.GetString()!);
        var values = Enum.GetNames(Enums[schema])
            .Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)
            .Except(["unknown"]);

        Assert.Equal(documented.Order(StringComparer.Ordinal), values.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(SchemasWithEnum))]
    public void A_value_that_this_version_does_not_know_is_Unknown(string schema)
    {
        var value = JsonSerializer.Deserialize("\"invented_later\"", Enums[schema], KeysJson.Options);

        Assert.Equal("Unknown", value!.ToString());
    }

    [Fact]
    public void The_permissions_are_those_of_the_API()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "openapi", "v1.json"));

        // Each is named where the API requires it.
        Assert.All(ApiKeyPermissions.All, permission => Assert.Contains(permission, text, StringComparison.Ordinal));
    }
}
