namespace KeysCluster.Contract.Tests.Authentication;

/// <summary>
/// Every operation of the API, and who may call it. A test fails for an operation that is not in this table.
/// </summary>
internal static class OperationTable
{
    private const string Keys = "/api/gateway/v1/virtual-keys";
    private const string Projects = "/api/projects";
    private const string ApiKeys = "/api/projects/{id}/api-keys";
    private const string Webhooks = "/api/gateway/v1/webhooks";

    /// <summary>
    /// API keys need no permission, because the operation concerns the caller, or checks more itself.
    /// </summary>
    public const string AnyPermission = "any";

    public static readonly Operation[] All =
    [
        new("POST", Keys, "virtualKeys:create"),
        new("POST", Keys + "/import", "virtualKeys:create"),
        new("GET", Keys, "virtualKeys:view", Retiring: true),
        new("GET", Keys + "/{id}", "virtualKeys:view", Retiring: true),
        new("GET", Keys + "/{id}/spend", "virtualKeys:view", Retiring: true),
        new("PATCH", Keys + "/{id}", "virtualKeys:update"),
        new("POST", Keys + "/{id}/rotate", "virtualKeys:rotate"),
        new("POST", Keys + "/{id}/revoke", "virtualKeys:delete"),
        new("POST", Keys + "/{id}/disable", "virtualKeys:update"),
        new("POST", Keys + "/{id}/enable", "virtualKeys:update"),
        new("DELETE", Keys + "/{id}/retiring-secrets", "virtualKeys:rotate"),
        new("DELETE", Keys + "/{id}/retiring-secrets/{secret_id}", "virtualKeys:rotate"),
        new("PATCH", Keys + "/{id}/retiring-secrets/{secret_id}", "virtualKeys:rotate"),
        new("POST", Keys + "/verify", "virtualKeys:verify", Retiring: true),
        new("GET", Keys + "/verifications", "virtualKeys:view", Retiring: true),

        new("POST", Projects, null, Admin: true),
        new("GET", Projects, null, Admin: true),
        new("GET", Projects + "/{id}", "project:manage", Retiring: true, Admin: true),
        new("PATCH", Projects + "/{id}", "project:manage", Admin: true),
        new("DELETE", Projects + "/{id}", null, Admin: true),
        new("POST", Projects + "/{id}/disable", null, Admin: true),
        new("POST", Projects + "/{id}/enable", null, Admin: true),
        new("POST", Projects + "/{id}/erase", null, Admin: true),
        new("POST", Projects + "/{id}/rotate-api-key", "apiKeys:manage", Admin: true),
        new("DELETE", Projects + "/{id}/retiring-api-keys", "apiKeys:manage", Admin: true),
        new("DELETE", Projects + "/{id}/retiring-api-keys/{secret_id}", AnyPermission, Retiring: true, Admin: true),
        new("PATCH", Projects + "/{id}/retiring-api-keys/{secret_id}", "apiKeys:manage", Admin: true),

        new("POST", ApiKeys, "apiKeys:manage", Admin: true),
        new("GET", ApiKeys, "apiKeys:manage", Retiring: true, Admin: true),
        new("GET", ApiKeys + "/{key_id}", "apiKeys:manage", Retiring: true, Admin: true),
        new("PATCH", ApiKeys + "/{key_id}", "apiKeys:manage", Admin: true),
        new("DELETE", ApiKeys + "/{key_id}", "apiKeys:manage", Admin: true),
        new("POST", ApiKeys + "/{key_id}/rotate", "apiKeys:manage", Admin: true),
        new("DELETE", ApiKeys + "/{key_id}/retiring-secrets", "apiKeys:manage", Admin: true),
        new("DELETE", ApiKeys + "/{key_id}/retiring-secrets/{secret_id}", AnyPermission, Retiring: true, Admin: true),
        new("PATCH", ApiKeys + "/{key_id}/retiring-secrets/{secret_id}", "apiKeys:manage", Admin: true),

        new("GET", Keys + "/{id}/events", "events:view", Retiring: true),
        new("GET", "/api/gateway/v1/events", "events:view", Retiring: true),
        new("GET", "/api/events", null, Admin: true),

        new("POST", Webhooks, "webhooks:manage"),
        new("GET", Webhooks, "webhooks:manage", Retiring: true),
        new("GET", Webhooks + "/{id}", "webhooks:manage", Retiring: true),
        new("PATCH", Webhooks + "/{id}", "webhooks:manage"),
        new("DELETE", Webhooks + "/{id}", "webhooks:manage"),
        new("POST", Webhooks + "/{id}/rotate-secret", "webhooks:manage"),
        new("POST", Webhooks + "/{id}/test", "webhooks:manage"),
        new("POST", Webhooks + "/{id}/redeliver", "webhooks:manage"),
        new("GET", Webhooks + "/{id}/deliveries", "webhooks:manage", Retiring: true),
        new("GET", Webhooks + "/{id}/deliveries/{delivery_id}", "webhooks:manage", Retiring: true),
        new("POST", Webhooks + "/{id}/deliveries/{delivery_id}/redeliver", "webhooks:manage"),

        new("GET", "/api/whoami", AnyPermission, Retiring: true, Admin: true),
    ];
}
