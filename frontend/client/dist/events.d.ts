type Handler<T> = (value: T) => void;
/** Typed events whose handlers cannot break the one who emits. */
export declare class Events<Map> {
    #private;
    on<Name extends keyof Map>(name: Name, handler: Handler<Map[Name]>): () => void;
    emit<Name extends keyof Map>(name: Name, value: Map[Name]): void;
}
export {};
