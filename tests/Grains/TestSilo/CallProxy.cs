using System.Reflection;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>
/// Implements an interface by a function of its calls. A class would not do for grain interfaces: Orleans would take it
/// for their grain.
/// </summary>
public class CallProxy : DispatchProxy
{
    private Func<string, object?[], object?> _call = (_, _) => throw new NotSupportedException();

    /// <summary>Implements an interface.</summary>
    /// <param name="call">Receives the name of the method and the arguments, and returns the result.</param>
    internal static T Create<T>(Func<string, object?[], object?> call)
        where T : class
    {
        var proxy = Create<T, CallProxy>();
        ((CallProxy)(object)proxy)._call = call;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        _call(targetMethod!.Name, args ?? []);
}
