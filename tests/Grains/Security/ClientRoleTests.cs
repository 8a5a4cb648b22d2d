using System.Reflection;
using KeysCluster.Leases;
using KeysCluster.Projects;
using KeysCluster.Security;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Security;

/// <summary>
/// Which client may call what. Each method of OrleansContracts.txt is called for real, so a method that is added is
/// refused to validators until it is listed here.
/// </summary>
public sealed class ClientRoleTests(SecuredTestCluster cluster) : IClassFixture<SecuredTestCluster>
{
    /// <summary>What a validator may call.</summary>
    private static readonly HashSet<(Type, string)> ValidatorCalls =
    [
        (typeof(IValidationGrain), nameof(IValidationGrain.Validate)),
        (typeof(IValidationGrain), nameof(IValidationGrain.Authenticate)),
        (typeof(IValidationGrain), nameof(IValidationGrain.AuthenticateApiKey)),
        (typeof(IValidationGrain), nameof(IValidationGrain.FindImportedKeys)),
        (typeof(IValidationGrain), nameof(IValidationGrain.GetHashSchemes)),
        (typeof(IClientLeaseGrain), nameof(IClientLeaseGrain.Acquire)),
        (typeof(IClientLeaseGrain), nameof(IClientLeaseGrain.Renew)),
        (typeof(IClientLeaseGrain), nameof(IClientLeaseGrain.Release)),
        (typeof(IVirtualKeyGrain), nameof(IVirtualKeyGrain.Validate)),
        (typeof(IVirtualKeyGrain), nameof(IVirtualKeyGrain.RecordUse)),
        (typeof(IProjectGrain), nameof(IProjectGrain.RecordUse)),
    ];

    private static IEnumerable<MethodInfo> Methods => typeof(IVirtualKeyGrain).Assembly.GetTypes()
        .Where(type => type.IsInterface && type.IsAssignableTo(typeof(IAddressable)) && type != typeof(IAddressable))
        .Where(type => !type.IsAssignableTo(typeof(IGrainObserver)))
        .SelectMany(type => type.GetMethods());

    [Fact]
    public void The_contracts_contain_every_method_that_is_called()
    {
        var contracts = File.ReadAllLines(
                Path.Combine(Repository.Root, "src", "Grains.Abstractions", "OrleansContracts.txt"))
            .Count(line => line.Contains(") -> ", StringComparison.Ordinal));

        // The observer of invalidations is called by silos only.
        Assert.Equal(contracts - 1, Methods.Count());
    }

    [Fact]
    public async Task A_validator_may_call_nothing_but_what_validation_needs()
    {
        var validator = cluster.Clients["validator"];
        var allowed = new List<string>();
        foreach (var method in Methods)
            if (await IsAllowedAsync(validator, method)) allowed.Add($"{method.DeclaringType!.Name}.{method.Name}");

        var expected = ValidatorCalls.Select(call => $"{call.Item1.Name}.{call.Item2}").Order();
        Assert.Equal(expected, allowed.Distinct().Order());
    }

    [Fact]
    public async Task A_front_end_may_call_every_method_that_names_it()
    {
        var frontEnd = cluster.Clients["front-end"];
        foreach (var method in Methods)
        {
            var roles = method.GetCustomAttribute<AllowClientsAttribute>()?.Roles ?? ClientRoles.None;
            Assert.Equal(roles.HasFlag(ClientRoles.FrontEnd), await IsAllowedAsync(frontEnd, method));
        }
    }

    [Theory]
    [InlineData("validator")]
    [InlineData("front-end")]
    public async Task No_client_may_manage_silos(string role)
    {
        var management = cluster.Clients[role].GetGrain<IManagementGrain>(0);

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => management.GetHosts());
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => management.ForceGarbageCollection([]));
    }

    /// <summary>Calls a method with default arguments. What it does with them does not matter.</summary>
    private static async Task<bool> IsAllowedAsync(IClusterClient client, MethodInfo method)
    {
        var type = method.DeclaringType!;
        object grain = type.IsAssignableTo(typeof(IGrainWithStringKey))
            ? client.GetGrain(type, "vk_00000000000000000000000000")
            : client.GetGrain(type, 0L);
        var arguments = method.GetParameters()
            .Select(parameter => parameter.ParameterType.IsValueType
                ? Activator.CreateInstance(parameter.ParameterType)
                : null)
            .ToArray();
        try
        {
            var call = method.Invoke(grain, arguments)!;
            var task = call as Task ?? (Task)call.GetType().GetMethod("AsTask")!.Invoke(call, null)!;
            await task.WaitAsync(Wait.Timeout);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (Exception exception) when (exception is not TimeoutException)
        {
            return true;
        }
    }
}
